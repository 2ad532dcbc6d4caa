/** What can be done to an event while it is being set up. Each returns a new draft and leaves the old one as it was. */
import { daysLater, minutesBefore } from '~/domain/zone';
import { newType, noWall, type Draft, type PerformanceDraft, type QuotaDraft, type TypeDraft, type Wall } from './draft';

/** Doors open so long before the start, until somebody says something else. */
const doorsBefore = 45;

/** An id that nothing in the draft has: one row of numbers for everything, because the ids are told apart by nothing else. */
function fresh(draft: Draft): () => string {
  const ids = [...draft.performances, ...draft.ticketTypes, ...draft.quotas].map(({ id }) => id);
  let highest = Math.max(0, ...ids.map((id) => Number(/^new-(\d+)$/.exec(id)?.[1] ?? 0)));
  return () => `new-${++highest}`;
}

export function withPerformance(draft: Draft, id: string, change: Partial<PerformanceDraft>): Draft {
  return { ...draft, performances: draft.performances.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

export function withType(draft: Draft, id: string, change: Partial<TypeDraft>): Draft {
  return { ...draft, ticketTypes: draft.ticketTypes.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

export function withQuota(draft: Draft, id: string, change: Partial<QuotaDraft>): Draft {
  return { ...draft, quotas: draft.quotas.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

/** When it starts; doors that nobody has set, or that went with the old start, go with it. */
export function withStart(draft: Draft, id: string, starts: Wall): Draft {
  const old = draft.performances.find((one) => one.id === id);
  if (!old) return draft;
  const follows = old.doors.text === '' || old.doors.text === minutesBefore(old.starts.text, doorsBefore);
  const doors = follows ? { text: minutesBefore(starts.text, doorsBefore), later: starts.later } : old.doors;
  return withPerformance(draft, id, { starts, doors });
}

/** One more performance: a day after the last one, with quotas of the same sizes. */
export function addPerformance(draft: Draft): Draft {
  const next = fresh(draft);
  const id = next();
  const last = draft.performances.at(-1);
  const on = ({ text }: Wall): Wall => ({ text: daysLater(text, 1), later: false });
  const added = { id, starts: last ? on(last.starts) : noWall, doors: last ? on(last.doors) : noWall };
  const quotas = last
    ? quotasOf(draft, last.id).map((quota) => ({ ...quota, id: next(), performanceId: id }))
    : [{ id: next(), performanceId: id, ticketTypeIds: draft.ticketTypes.map((type) => type.id), size: '' }];
  return { ...draft, performances: [...draft.performances, added], quotas: [...draft.quotas, ...quotas] };
}

export function removePerformance(draft: Draft, id: string): Draft {
  return {
    ...draft,
    performances: draft.performances.filter((one) => one.id !== id),
    quotas: draft.quotas.filter((quota) => quota.performanceId !== id),
  };
}

/** One more ticket type, in the currency of the last; it shares the quota of a performance that has only one. */
export function addType(draft: Draft, currency: string): Draft {
  const id = fresh(draft)();
  const lone = new Set(draft.performances.map((one) => quotasOf(draft, one.id)).flatMap((all) => (all.length === 1 ? all : [])));
  return {
    ...draft,
    ticketTypes: [...draft.ticketTypes, newType(id, draft.ticketTypes.at(-1)?.currency ?? currency)],
    quotas: draft.quotas.map((quota) => (lone.has(quota) ? { ...quota, ticketTypeIds: [...quota.ticketTypeIds, id] } : quota)),
  };
}

/** Takes the type out of the event and of its quotas; a quota that limited nothing else goes with it. */
export function removeType(draft: Draft, id: string): Draft {
  const quotas = draft.quotas.flatMap((quota) => {
    if (!quota.ticketTypeIds.includes(id)) return [quota];
    const ticketTypeIds = quota.ticketTypeIds.filter((one) => one !== id);
    return ticketTypeIds.length > 0 ? [{ ...quota, ticketTypeIds }] : [];
  });
  return { ...draft, ticketTypes: draft.ticketTypes.filter((one) => one.id !== id), quotas };
}

/** Moves the type up (-1) or down (+1) on the screen; nothing beyond the ends. */
export function moveType(draft: Draft, id: string, by: -1 | 1): Draft {
  const from = draft.ticketTypes.findIndex((one) => one.id === id);
  const moved = draft.ticketTypes[from];
  const other = draft.ticketTypes[from + by];
  if (!moved || !other) return draft;
  return { ...draft, ticketTypes: draft.ticketTypes.with(from, other).with(from + by, moved) };
}

/** One more quota for the performance, over the types that have none there. */
export function addQuota(draft: Draft, performanceId: string): Draft {
  const ticketTypeIds = uncovered(draft, performanceId).map(({ id }) => id);
  return { ...draft, quotas: [...draft.quotas, { id: fresh(draft)(), performanceId, ticketTypeIds, size: '' }] };
}

export function removeQuota(draft: Draft, id: string): Draft {
  return { ...draft, quotas: draft.quotas.filter((quota) => quota.id !== id) };
}

/**
 * Gives every performance the quotas of this one. Quotas that are there are changed in place, because seats may be taken of
 * them; the till's program refuses what would take such a seat away.
 */
export function sameForAll(draft: Draft, performanceId: string): Draft {
  const next = fresh(draft);
  const model = quotasOf(draft, performanceId);
  const quotas = draft.performances.flatMap(({ id }) => {
    const own = quotasOf(draft, id);
    return model.map(({ ticketTypeIds, size }, index) => ({ id: own[index]?.id ?? next(), performanceId: id, ticketTypeIds, size }));
  });
  return { ...draft, quotas };
}

export function quotasOf(draft: Draft, performanceId: string): QuotaDraft[] {
  return draft.quotas.filter((quota) => quota.performanceId === performanceId);
}

/** The types that no quota of the performance limits: they are not on sale there. Donations need none. */
export function uncovered(draft: Draft, performanceId: string): TypeDraft[] {
  const covered = new Set(quotasOf(draft, performanceId).flatMap((quota) => quota.ticketTypeIds));
  return draft.ticketTypes.filter((type) => !type.donation && !covered.has(type.id));
}
