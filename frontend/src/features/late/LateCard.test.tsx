import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { LateMoney } from '~/api/types';
import { FakeTill } from '~/testkit/fakeTill';
import { lateMoney } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { LateCard } from './LateCard';

function card(change: Partial<LateMoney>) {
  renderScreen(<LateCard money={lateMoney(change)} onAct={() => undefined} />, new FakeTill());
  return screen.findByRole('article');
}

test('of money that went back in two parts one came back, and the other has no answer yet: nothing can be decided', async () => {
  const waiting = await card({ reason: 'wrong_amount', left: 1000, actions: [] });
  expect(waiting.textContent).toContain('Stripe has not answered yet');
  expect(waiting.textContent).not.toMatch(/It went back|still here/);
  expect(waiting.dataset.over, 'it is not over').toBeUndefined();
});

test.each<Partial<LateMoney>>([{ left: 0 }, { reason: 'elsewhere' }])('what waits for nobody is not said to wait for Stripe: %o', async (change) => {
  const over = await card({ actions: [], ...change });
  expect(over.textContent).not.toContain('Stripe has not answered yet');
  expect(over.dataset.over).toBe('true');
});

test('what came back beside what was kept is told apart from it', async () => {
  const waiting = await card({ left: 1000, kept: 3800, actions: ['refund', 'keep'] });
  expect(waiting.textContent).toContain('€38.00 of it was kept before. €10.00 came back since.');
  expect(waiting.textContent).not.toMatch(/still here|Seats can be given/);
});
