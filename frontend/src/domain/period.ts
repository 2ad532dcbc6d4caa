import { momentsOf, wallTime } from './zone';

/** Days of the calendar, `2026-11-21`, both included. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

/** Moments in RFC 3339, UTC, both included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The periods that go by a name. */
export const namedPeriods = ['today', 'yesterday', 'week', 'month', 'last-month'] as const;
export type NamedPeriod = (typeof namedPeriods)[number];

/** What is closed: a period by name, days of one's own, or a payout by its id, which is empty until one is chosen. */
export type Period = NamedPeriod | Days | { readonly payout: string };

/** The longest that is closed at once. */
export const mostDays = 365;

const day = 86_400_000;
const unchosen = 'payout';

/** The period as it stands in an address: `week`, `2026-11-01_2026-11-07`, `po_1`. */
export function periodText(period: Period): string {
  if (typeof period === 'string') return period;
  return 'payout' in period ? period.payout || unchosen : `${period.first}_${period.last}`;
}

/** Reads what stands in an address; today for what is no period. */
export function parsePeriod(text: string | undefined): Period {
  const named = namedPeriods.find((name) => name === text);
  if (named) return named;
  if (text === unchosen) return { payout: '' };
  if (text?.startsWith('po_')) return { payout: text };
  const [, first, last] = /^(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)$/.exec(text ?? '') ?? [];
  return isDay(first) && isDay(last) && first <= last ? { first, last } : 'today';
}

/** The days of a named period at the moment `now`, by the clock on the wall of `timeZone`. The week is the last seven days, today too. */
export function daysOf(name: NamedPeriod, now: number, timeZone: string): Days {
  const today = wallTime(new Date(now).toISOString(), timeZone).slice(0, 10);
  const monthsFirst = `${today.slice(0, 8)}01`;
  const monthBefore = shift(monthsFirst, -1);
  switch (name) {
    case 'today':
      return { first: today, last: today };
    case 'yesterday':
      return { first: shift(today, -1), last: shift(today, -1) };
    case 'week':
      return { first: shift(today, -6), last: today };
    case 'month':
      return { first: monthsFirst, last: today };
    case 'last-month':
      return { first: `${monthBefore.slice(0, 8)}01`, last: monthBefore };
  }
}

/** From the first second of the first day to the last second of the last one, as the wall of `timeZone` shows them. */
export function spanOf({ first, last }: Days, timeZone: string): Span {
  const end = Date.parse(midnight(shift(last, 1), timeZone)) - 1000;
  return { from: midnight(first, timeZone), to: new Date(end).toISOString().replace('.000Z', 'Z') };
}

/** How many days there are, both included. */
export function lengthOf({ first, last }: Days): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / day) + 1;
}

/** The span in pieces of `days` days at most, the newest first, for what takes no longer ones. */
export function pieces({ from, to }: Span, days: number): Span[] {
  const found: Span[] = [];
  const first = Date.parse(from);
  for (let end = Date.parse(to); end >= first; ) {
    const begin = Math.max(first, end - days * day + 1000);
    found.push({ from: new Date(begin).toISOString(), to: new Date(end).toISOString() });
    end = begin - 1000;
  }
  return found;
}

/** When a day begins: where clocks skip midnight, at the first hour that there is. */
function midnight(date: string, timeZone: string): string {
  const moment = momentsOf(`${date}T00:00`, timeZone)[0] ?? momentsOf(`${date}T01:00`, timeZone)[0];
  return moment ?? `${date}T00:00:00Z`;
}

function shift(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
