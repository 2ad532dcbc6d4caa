import { createContext, lazy, Suspense, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { lock as lockAtTill, type AdminToken } from '~/api/access';
import { Problem } from '~/api/problem';
import type { Admin } from '~/api/types';

const PinDialog = lazy(() => import('./PinDialog'));

interface AdminState {
  /** Undefined while nobody at this screen is the administrator. In memory alone: a reload forgets it. */
  token: AdminToken;
  /**
   * Sends a request as the administrator. If it needs the PIN, the PIN is asked for and the request is sent again; who closes
   * that dialog gets the request's own failure (`pin_needed`).
   */
  run: <Data>(ask: (token: AdminToken) => Promise<Data>) => Promise<Data>;
  /** Asks for the PIN; false when the dialog is closed without it. */
  unlock: () => Promise<boolean>;
  /** Stops being the administrator. */
  lock: () => Promise<void>;
  /** A PIN was set here: whoever set it is the administrator. */
  keep: (admin: Admin) => void;
}

const AdminContext = createContext<AdminState | null>(null);

/** Who is the administrator at this screen, and the one dialog that asks for the PIN. */
export function AdminProvider({ children }: { children: ReactNode }) {
  const [token, setToken] = useState<AdminToken>();
  const [asking, setAsking] = useState(false);
  const current = useRef<AdminToken>(undefined);
  const waiting = useRef<((token: AdminToken) => void)[]>([]);

  const hold = useCallback((next: AdminToken) => {
    current.current = next;
    setToken(next);
  }, []);
  const askPin = useCallback(() => {
    setAsking(true);
    return new Promise<AdminToken>((resolve) => waiting.current.push(resolve));
  }, []);
  const settle = useCallback(
    (next: AdminToken) => {
      setAsking(false);
      hold(next);
      for (const resolve of waiting.current.splice(0)) resolve(next);
    },
    [hold],
  );
  const run = useCallback(
    async <Data,>(ask: (token: AdminToken) => Promise<Data>) => {
      try {
        return await ask(current.current);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'pin_needed') throw error;
        const fresh = await askPin();
        if (!fresh) throw error;
        return await ask(fresh);
      }
    },
    [askPin],
  );
  const unlock = useCallback(async () => (await askPin()) !== undefined, [askPin]);
  const lock = useCallback(async () => {
    const held = current.current;
    hold(undefined);
    if (held) await lockAtTill(held);
  }, [hold]);
  const keep = useCallback((admin: Admin) => hold(admin.token), [hold]);
  const value = useMemo(() => ({ token, run, unlock, lock, keep }), [token, run, unlock, lock, keep]);
  return (
    <AdminContext value={value}>
      {children}
      <Suspense>{asking && <PinDialog onOpen={(admin) => settle(admin.token)} onClose={() => settle(undefined)} />}</Suspense>
    </AdminContext>
  );
}

export function useAdmin(): AdminState {
  const admin = use(AdminContext);
  if (!admin) throw new Error('useAdmin needs an AdminProvider');
  return admin;
}
