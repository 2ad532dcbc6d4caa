import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Period } from '~/domain/period';
import { spanOf } from '~/domain/period';
import { payout, reconciliation } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { ReconcileScreen } from './ReconcileScreen';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function show(period: Period, till = new FakeTill()) {
  return renderScreen(<ReconcileScreen period={period} onPeriod={() => undefined} />, till);
}

describe('a payout', () => {
  test('none is known: Stripe’s books are read for the year, and then there is one to choose', async () => {
    const till = new FakeTill();
    const { user } = show({ payout: '' }, till);
    expect(await screen.findByText(/^No payout of the last year is known yet/)).toBeDefined();
    expect(screen.queryByRole('status')).toBeNull();
    till.books.payouts = [payout()];
    const button = screen.getByRole('button', { name: 'Read Stripe’s books now' });
    await user.click(button);
    expect(await screen.findByRole('button', { name: /^Choose one/ })).toBeDefined();
    expect(till.posts('/api/closing/read')).toHaveLength(4);
    expect(document.activeElement).toBe(button);
  });

  test('Stripe has made none: that is said after its books were read', async () => {
    const { user } = show({ payout: '' });
    await user.click(await screen.findByRole('button', { name: 'Read Stripe’s books now' }));
    expect(await screen.findByText(/There is no payout in them/)).toBeDefined();
  });

  test('reading fails: a card with the way on', async () => {
    const till = new FakeTill();
    till.fail(/closing\/read/, { status: 503, code: 'stripe_unreachable' });
    const { user } = show({ payout: '' }, till);
    await user.click(await screen.findByRole('button', { name: 'Read Stripe’s books now' }));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(till.posts('/api/closing/read')).toHaveLength(5);
  });

  test('the list is not answered: a card with the way on', async () => {
    const till = new FakeTill();
    till.down(/GET .*payouts$/, new Error('gone'));
    till.books.payouts = [payout()];
    const { user } = show({ payout: '' }, till);
    const again = within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' });
    till.behave();
    await user.click(again);
    expect(await screen.findByRole('button', { name: /^Choose one/ })).toBeDefined();
  });
});

describe('what is chosen is in sight', () => {
  const seen: (string | null)[] = [];
  beforeEach(() => {
    seen.length = 0;
    Element.prototype.scrollIntoView = function (this: Element) {
      seen.push(this.textContent);
    };
  });
  afterEach(() => {
    delete (Element.prototype as Partial<Element>).scrollIntoView;
  });

  test.each([
    ['A payout', { payout: 'po_1' }],
    ['Other days', { first: '2026-11-01', last: '2026-11-07' }],
    ['Last month', 'last-month'],
  ] as const)('%s', async (name, period) => {
    show(period);
    await screen.findByRole('radio', { name, checked: true });
    expect(seen.at(-1)).toBe(name);
  });
});

describe('which day it is', () => {
  const hour = 3_600_000;
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-21T12:00:00Z'), toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['Stripe’s, when this machine’s clock is behind', '2026-11-23T11:00:00Z', hour, '2026-11-23'],
    ['this machine’s, when Stripe was not heard of since', '2026-11-18T12:00:00Z', 0, '2026-11-21'],
    ['this machine’s, before Stripe was heard of', undefined, 0, '2026-11-21'],
  ])('%s', async (_, coveredUntil, lag, today) => {
    const till = new FakeTill();
    till.books.reconciliation = { ...reconciliation({ lagSeconds: lag / 1000 }), coveredUntil: coveredUntil };
    show('today', till);
    await screen.findByText('How the book keeps up');
    await waitFor(() => {
      const query = till.seen.findLast(({ path }) => path === '/api/closing')?.query;
      expect(Object.fromEntries(query ?? [])).toEqual(spanOf({ first: today, last: today }, zone));
    });
  });
});
