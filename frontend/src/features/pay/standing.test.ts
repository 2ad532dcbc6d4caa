import { expect, test } from 'vitest';
import { pace, standingOf } from './standing';

test.each([
  ['open', false, 'mine', 'card'],
  ['open', false, 'asking', 'waiting'],
  ['open', false, 'elsewhere', 'elsewhere'],
  ['open', true, 'elsewhere', 'taken'],
  ['open', true, 'mine', 'taken'],
  ['paid', false, 'elsewhere', 'paid'],
  ['expired', true, 'mine', 'expired'],
  ['processing', true, 'mine', 'processing'],
] as const)('%s, taken %s, turn %s: %s', (state, taken, turn, standing) => {
  expect(standingOf(state, taken, turn)).toBe(standing);
});

test('the till is asked often only when there is something to hear, and no more when it is over', () => {
  expect(pace('open', true)).toBeLessThan(pace('open', false) as number);
  expect(pace('processing', false)).toBeGreaterThan(pace('open', false) as number);
  for (const over of ['paid', 'expired', 'refused', 'failed'] as const) expect(pace(over, true)).toBe(false);
});
