import type { Closing } from '~/api/closing';
import type { Span } from '~/domain/period';

/** What the close says in one glance. */
export interface Verdict {
  kind: 'agree' | 'differ' | 'recent' | 'unread' | 'listed' | 'nothing';
  /** Stripe's books are read up to then, in a period that still goes on. */
  readTo: string | undefined;
  /** The times for which they are not read and should be. */
  gaps: readonly Span[];
}

/** How long what has just happened may be missing from Stripe's own books before it is worth a word, in milliseconds. */
const fewMinutes = 15 * 60_000;

/**
 * Judges a close. Of a period that goes on, the last minutes are never read: that end is no gap as long as it is short and
 * the book has nothing in it. `asked` is the end that was asked for; the till closes now at the latest.
 */
export function verdictOf(closing: Closing, asked: string | undefined): Verdict {
  const goesOn = asked !== undefined && Date.parse(asked) > Date.parse(closing.to);
  const last = closing.missing.at(-1);
  const isTail = goesOn && last?.to === closing.to && last.from > closing.from;
  const gaps = isTail && closing.unread === 0 && isShort(last) ? closing.missing.slice(0, -1) : closing.missing;
  const readTo = isTail ? last.from : undefined;
  if (closing.differ > 0) return { kind: 'differ', readTo, gaps };
  if (isTail && closing.missing.length === 1 && closing.unread > 0 && isShort(last)) return { kind: 'recent', readTo, gaps: [] };
  if (gaps.length > 0 || closing.unread > 0) return { kind: 'unread', readTo, gaps };
  if (closing.of > 0) return { kind: 'agree', readTo, gaps };
  return { kind: closing.currencies.length > 0 ? 'listed' : 'nothing', readTo, gaps };
}

function isShort({ from, to }: Span): boolean {
  return Date.parse(to) - Date.parse(from) < fewMinutes;
}

/** Whether the next step is to read Stripe's books: then its button stands beside the verdict. */
export function asksToRead({ kind }: Verdict): boolean {
  return kind === 'unread' || kind === 'recent';
}
