/** An event at a glance. */
import type { EventEdit, Mirror } from '~/api/events';

/** The next performance that has not begun at `now`, how many come after it, and the last one of all. */
export function nextOf(event: EventEdit, now: number): { next?: string; last?: string; later: number } {
  const starts = event.performances.map(({ startsAt }) => startsAt).sort((a, b) => Date.parse(a) - Date.parse(b));
  const coming = starts.filter((at) => Date.parse(at) > now);
  const [next] = coming;
  const last = starts.at(-1);
  return { ...(next ? { next } : {}), ...(last ? { last } : {}), later: Math.max(0, coming.length - 1) };
}

/** Seats that are sold, held or set apart, of all that there are. */
export function seatsOf(event: EventEdit): { taken: number; size: number } {
  return {
    taken: event.quotas.reduce((sum, quota) => sum + (quota.taken ?? 0), 0),
    size: event.quotas.reduce((sum, quota) => sum + quota.size, 0),
  };
}

const worstFirst: readonly Mirror['state'][] = ['refused', 'pending', 'none', 'done'];

/** How far Stripe has the whole event: the worst of its ticket types. */
export function mirrorOf(event: EventEdit): Mirror['state'] {
  const states = new Set(event.ticketTypes.map(({ mirror }) => mirror?.state ?? 'none'));
  return worstFirst.find((state) => states.has(state)) ?? 'done';
}
