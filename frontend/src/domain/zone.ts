/**
 * Times as the clock on the wall of a place shows them, `2026-11-21T19:30` (what a datetime-local field holds), and the same
 * moments in UTC. Where clocks change, one hour of the wall is missing and another comes twice.
 */

/** The moments (RFC 3339, UTC) at which the wall shows a time: none in the gap of spring, two in the overlap of autumn. */
export type Moments = readonly [] | readonly [string] | readonly [earlier: string, later: string];

/** What the clock on the wall of `timeZone` shows at the moment `at`; seconds only where they are not nought. */
export function wallTime(at: string, timeZone: string): string {
  const shown = wallMs(Date.parse(at), timeZone);
  const text = new Date(shown).toISOString();
  return text.slice(17, 19) === '00' ? text.slice(0, 16) : text.slice(0, 19);
}

/** The moments at which the wall of `timeZone` shows `wall`; none, too, for what is no time. */
export function momentsOf(wall: string, timeZone: string): Moments {
  const shown = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(wall) ? Date.parse(`${wall}Z`) : Number.NaN;
  if (Number.isNaN(shown)) return [];
  // Whatever the zone does near that day, its offset then is the one of the day before or of the day after.
  const day = 86_400_000;
  const offsets = [shown - day, shown + day].map((ms) => wallMs(ms, timeZone) - ms);
  const fits = [...new Set(offsets)].map((offset) => shown - offset).filter((ms) => wallMs(ms, timeZone) === shown);
  const [first, second] = fits.sort((a, b) => a - b).map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
  if (first === undefined) return [];
  return second === undefined ? [first] : [first, second];
}

/** The wall's time so many days later (or earlier): the same hour, whatever the clocks do in between. */
export function daysLater(wall: string, days: number): string {
  const ms = Date.parse(`${wall}Z`);
  if (Number.isNaN(ms)) return '';
  return new Date(ms + days * 86_400_000).toISOString().slice(0, wall.length);
}

/** The wall's time so many minutes earlier. */
export function minutesBefore(wall: string, minutes: number): string {
  const ms = Date.parse(`${wall}Z`);
  if (Number.isNaN(ms)) return '';
  return new Date(ms - minutes * 60_000).toISOString().slice(0, wall.length);
}

/** The wall's time as if it were UTC, in milliseconds: what makes two walls comparable. */
function wallMs(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return Date.parse(`${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`);
}
