/** Whole seconds from `now` (milliseconds since 1970) until the RFC 3339 time `until`; never below zero. */
export function secondsLeft(until: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
}

/** Seconds as a clock that counts down: `29:05`, or `1:02:03` from an hour up. */
export function countdown(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Two digits for the hour where the day has 24 of them, one where it has twelve twice. */
function hour(locale: string): 'numeric' | '2-digit' {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit';
}

/** When a performance starts, in the zone of its place: `Sat 21 Nov, 19:30`. */
export function showTime(startsAt: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: hour(locale),
    minute: '2-digit',
    timeZone,
  }).format(new Date(startsAt));
}

/** The time of day in the zone of the place: `18:45`. */
export function clockTime(at: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: hour(locale), minute: '2-digit', timeZone }).format(new Date(at));
}

/** A moment of the till's own day: the time alone today, with the date on other days. `seconds` adds the seconds. */
export function moment(at: string, now: number, locale: string, seconds = false): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, {
    ...(today ? {} : { day: 'numeric', month: 'short' }),
    hour: hour(locale),
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(date);
}
