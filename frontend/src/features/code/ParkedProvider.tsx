import { useQueries, useQuery } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { openOrdersQuery, orderQuery } from '~/api/orders';
import type { Order } from '~/api/types';
import { callOf, isOver, situation } from '~/domain/situation';
import { useAnnounce } from '~/ui/announcer';
import { useOutcomes } from './useOutcome';

interface Parked {
  /** Codes that wait for money, and those of this screen that ended and were not looked at. */
  orders: readonly Order[];
  /** Somebody has seen how the order ended. */
  acknowledge: (id: string) => void;
}

const ParkedContext = createContext<Parked>({ orders: [], acknowledge: () => undefined });
const place = 'willcall.watched';

/**
 * Remembers which codes this screen has seen open (their ids alone, also over a reload), so that one that is paid or has
 * failed stays in sight until somebody has looked at it. How an order stands always comes from the till.
 */
export function ParkedProvider({ store, children }: { store: Storage | undefined; children: ReactNode }) {
  const [watched, setWatched] = useState(() => readIds(store));
  const [seen, setSeen] = useState<readonly string[]>([]);
  const { data } = useQuery(openOrdersQuery);
  const open = useMemo(() => data?.orders ?? [], [data]);

  const fresh = open.map(({ id }) => id).filter((id) => !watched.includes(id) && !seen.includes(id));
  if (fresh.length > 0) setWatched([...watched, ...fresh]);
  useEffect(() => writeIds(store, watched), [store, watched]);

  const openIds = new Set(open.map(({ id }) => id));
  const settledIds = watched.filter((id) => !openIds.has(id));
  const settled = useQueries({
    queries: data ? settledIds.map((id) => orderQuery(id)) : [],
    combine: overOnly,
  });

  const acknowledge = useCallback((id: string) => {
    setWatched((ids) => ids.filter((other) => other !== id));
    setSeen((ids) => (ids.includes(id) ? ids : [...ids, id]));
  }, []);
  const orders = useMemo(() => [...open.filter(({ id }) => !seen.includes(id)), ...settled], [open, settled, seen]);
  useCalls(orders);
  const value = useMemo(() => ({ orders, acknowledge }), [orders, acknowledge]);
  return <ParkedContext value={value}>{children}</ParkedContext>;
}

/** The codes that were watched are another book's. */
export function forgetWatched(store: Storage | undefined): void {
  writeIds(store, []);
}

function overOnly(results: readonly { data: Order | undefined }[]): Order[] {
  return results.flatMap(({ data }) => (data && isOver(data) ? [data] : []));
}

export function useParked(): Parked {
  return use(ParkedContext);
}

/** Tells screen readers once when a code is paid, needs a hand, or can be scanned at last. */
function useCalls(orders: readonly Order[]) {
  const announce = useAnnounce();
  const outcome = useOutcomes();
  const told = useRef(new Map<string, string>());
  useEffect(() => {
    for (const order of orders) {
      const now = situation(order);
      const before = told.current.get(order.id);
      told.current.set(order.id, now);
      const codeHasCome = before === 'starting' && now === 'waiting';
      if (before === undefined || before === now || (callOf(order) === 'none' && !codeHasCome)) continue;
      announce(outcome(order), callOf(order) !== 'none');
    }
  });
}

function readIds(store: Storage | undefined): string[] {
  try {
    const ids: unknown = JSON.parse(store?.getItem(place) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function writeIds(store: Storage | undefined, ids: readonly string[]) {
  try {
    store?.setItem(place, JSON.stringify(ids));
  } catch {
    // Without a store a reload forgets what was watched; the sales list still has it.
  }
}
