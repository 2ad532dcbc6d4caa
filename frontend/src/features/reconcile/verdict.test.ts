import { expect, test } from 'vitest';
import { closing, totals } from '~/testkit/closeBuilders';
import { verdictOf } from './verdict';

const at = (hour: string) => `2026-11-21T${hour}:00Z`;
const gap = (from: string, to: string) => ({ from: at(from), to: at(to) });
const midnight = '2026-11-21T22:59:59Z';

test.each([
  ['all of a day that is over', {}, at('14:00'), 'agree', undefined, 0],
  ['a day that goes on, its last minutes unread', { missing: [gap('13:58', '14:00')] }, midnight, 'agree', at('13:58'), 0],
  ['the same with a sale in those minutes', { missing: [gap('13:58', '14:00')], agree: 11, unread: 1 }, midnight, 'recent', at('13:58'), 0],
  ['hours unread, with a sale in them', { missing: [gap('11:58', '14:00')], agree: 11, unread: 1 }, midnight, 'unread', at('11:58'), 1],
  ['hours unread, and no sale in them', { missing: [gap('04:00', '14:00')] }, midnight, 'unread', at('04:00'), 1],
  ['hours unread, and nothing in the book', { missing: [gap('04:00', '14:00')], agree: 0, of: 0, currencies: [] }, midnight, 'unread', at('04:00'), 1],
  ['hours unread after a gap', { missing: [gap('01:00', '02:00'), gap('04:00', '14:00')] }, midnight, 'unread', at('04:00'), 2],
  ['last minutes unread, and nothing in the book', { missing: [gap('13:58', '14:00')], agree: 0, of: 0, currencies: [] }, midnight, 'nothing', at('13:58'), 0],
  ['a sale in those minutes, and a gap before', { missing: [gap('09:00', '10:00'), gap('13:58', '14:00')], agree: 11, unread: 1 }, midnight, 'unread', at('13:58'), 2],
  ['a day that is over, its end unread', { missing: [gap('13:58', '14:00')] }, at('14:00'), 'unread', undefined, 1],
  ['a gap in the middle', { missing: [gap('09:00', '10:00'), gap('13:58', '14:00')] }, midnight, 'unread', at('13:58'), 1],
  ['nothing read at all', { missing: [gap('00:00', '14:00')], agree: 0, unread: 12 }, midnight, 'unread', undefined, 1],
  ['nothing read, and nothing in the book', { missing: [gap('00:00', '14:00')], agree: 0, of: 0 }, midnight, 'unread', undefined, 1],
  ['only Stripe’s own fees', { agree: 0, of: 0 }, midnight, 'listed', undefined, 0],
  ['nothing moved', { agree: 0, of: 0, currencies: [] }, midnight, 'nothing', undefined, 0],
  ['a difference comes before what is unread', { agree: 10, differ: 1, unread: 1, missing: [gap('09:00', '10:00')] }, at('14:00'), 'differ', undefined, 1],
  ['a payout has no end that was asked for', { missing: [gap('13:58', '14:00')] }, undefined, 'unread', undefined, 1],
] as const)('%s', (_, change, asked, kind, readTo, gaps) => {
  const judged = verdictOf(
    closing({ from: at('00:00'), to: at('14:00'), complete: !('missing' in change), ...change, currencies: 'currencies' in change ? [] : [totals()], missing: 'missing' in change ? [...change.missing] : [] }),
    asked,
  );
  expect({ kind: judged.kind, readTo: judged.readTo, gaps: judged.gaps.length }).toEqual({ kind, readTo, gaps });
});
