import { describe, expect, test } from 'vitest';
import { daysOf, lengthOf, namedPeriods, parsePeriod, periodText, pieces, spanOf, type Period } from './period';

const at = (text: string) => Date.parse(text);
const vienna = 'Europe/Vienna';

test.each([
  ['today', '2026-11-21', '2026-11-21'],
  ['yesterday', '2026-11-20', '2026-11-20'],
  ['week', '2026-11-15', '2026-11-21'],
  ['month', '2026-11-01', '2026-11-21'],
  ['last-month', '2026-10-01', '2026-10-31'],
] as const)('%s is %s to %s', (name, first, last) => {
  expect(daysOf(name, at('2026-11-21T12:00:00Z'), vienna)).toEqual({ first, last });
});

test.each([
  ['just after midnight in Vienna, still the day before in UTC', '2026-02-28T23:30:00Z', vienna, 'today', '2026-03-01', '2026-03-01'],
  ['the same moment in New York', '2026-02-28T23:30:00Z', 'America/New_York', 'today', '2026-02-28', '2026-02-28'],
  ['the month before March', '2026-03-01T12:00:00Z', vienna, 'last-month', '2026-02-01', '2026-02-28'],
  ['the month before January', '2027-01-01T12:00:00Z', vienna, 'last-month', '2026-12-01', '2026-12-31'],
  ['the day before the first', '2028-03-01T12:00:00Z', vienna, 'yesterday', '2028-02-29', '2028-02-29'],
] as const)('%s', (_, now, zone, name, first, last) => {
  expect(daysOf(name, at(now), zone)).toEqual({ first, last });
});

test.each([
  ['winter', '2026-11-21', '2026-11-21', vienna, '2026-11-20T23:00:00Z', '2026-11-21T22:59:59Z'],
  ['a week over the end of summer time', '2026-10-24', '2026-10-26', vienna, '2026-10-23T22:00:00Z', '2026-10-26T22:59:59Z'],
  ['a day of 23 hours', '2026-03-29', '2026-03-29', vienna, '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z'],
  ['a day without a midnight', '2026-09-06', '2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z', '2026-09-07T02:59:59Z'],
  ['a leap day', '2028-02-29', '2028-02-29', 'UTC', '2028-02-29T00:00:00Z', '2028-02-29T23:59:59Z'],
])('the seconds of %s', (_, first, last, zone, from, to) => {
  expect(spanOf({ first, last }, zone)).toEqual({ from, to });
});

describe('in an address', () => {
  const periods: Period[] = [...namedPeriods, { first: '2026-11-01', last: '2026-11-07' }, { payout: 'po_1Abc' }, { payout: '' }];
  test.each(periods.map((period) => [periodText(period), period] as const))('%s', (text, period) => {
    expect(parsePeriod(text)).toEqual(period);
  });
  test.each([undefined, '', 'tomorrow', '2026-11-07_2026-11-01', '2026-02-30_2026-03-01', '2026-11-01', 'x_y'])('%j is today', (text) => {
    expect(parsePeriod(text)).toBe('today');
  });
});

test('lengths', () => {
  expect(lengthOf({ first: '2026-11-21', last: '2026-11-21' })).toBe(1);
  expect(lengthOf({ first: '2026-10-01', last: '2026-11-01' })).toBe(32);
});

test('a long span in pieces: every second once, none too long, the newest first', () => {
  const span = { from: '2026-01-01T00:00:00Z', to: '2026-12-31T23:59:59Z' };
  const found = pieces(span, 92);
  expect(found).toHaveLength(4);
  expect(found[0]?.to).toBe('2026-12-31T23:59:59.000Z');
  expect(found.at(-1)?.from).toBe('2026-01-01T00:00:00.000Z');
  for (const [n, piece] of found.entries()) {
    expect(at(piece.to) - at(piece.from)).toBeLessThanOrEqual(92 * 86_400_000);
    const next = found[n + 1];
    if (next) expect(at(piece.from) - at(next.to)).toBe(1000);
  }
  expect(pieces({ from: '2026-11-21T10:00:00Z', to: '2026-11-21T10:00:00Z' }, 92)).toHaveLength(1);
});
