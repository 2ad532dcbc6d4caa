import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { ClosingDifferent } from '~/api/closing';
import type { Period } from '~/domain/period';
import { spanOf } from '~/domain/period';
import { reconcile as words } from '~/messages/reconcile.en';
import { closing, difference, payout, totals } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp, renderScreen } from '~/testkit/renderTill';
import { ReconcileScreen } from './ReconcileScreen';

const days = { first: '2026-11-01', last: '2026-11-07' };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function show(till = new FakeTill(), period: Period = days) {
  const onPeriod = vi.fn();
  return { ...renderScreen(<ReconcileScreen period={period} onPeriod={onPeriod} />, till), onPeriod };
}

const verdict = () => screen.findByRole('status');
/** What an element says, with plain spaces in place of those that keep together. */
const plain = (one: HTMLElement) => one.textContent.replaceAll(/\s+/g, ' ');
const asked = (till: FakeTill, path: string) => till.seen.filter((one) => one.path === path);

describe('one glance', () => {
  test('all agree: the count, and the sums on the stub', async () => {
    const till = new FakeTill();
    till.books.closing = closing({ agree: 412, of: 412, currencies: [totals({ gross: 824_000, fees: 21_340, net: 802_660, paidOut: 790_000 })] });
    show(till);
    expect((await verdict()).textContent).toContain('Willcall and Stripe agree: 412 of 412');
    const stub = within(screen.getByRole('region', { name: 'Reconcile' })).getAllByRole('definition').map((one) => one.textContent);
    expect(stub).toEqual(['€8,240.00', '€213.40', '€8,026.60', '€7,900.00']);
    const { query } = asked(till, '/api/closing')[0]!;
    expect(Object.fromEntries(query)).toEqual(spanOf(days, zone));
  });

  test('differences: how many, each with its reason, its amounts and the way to it', async () => {
    const till = new FakeTill();
    till.books.closing = closing({
      agree: 409,
      of: 412,
      differ: 3,
      differences: [
        difference(),
        difference({ kind: 'missing_at_stripe', atStripe: undefined as never, orderCode: 'B2B2B2', orderId: 'ord-2' }),
        difference({ kind: 'missing_in_book', inBook: undefined as never, orderId: undefined as never, discrepancyId: 'dsc-1' }),
      ],
    });
    show(till);
    expect((await verdict()).textContent).toContain('3 differences');
    expect((await verdict()).textContent).toContain('409 of 412 agree');
    const items = within(screen.getByRole('region', { name: 'Differences' })).getAllByRole('listitem');
    expect(items[0]?.textContent).toContain('The book and Stripe have different amounts for a payment');
    expect(items[0]?.textContent).toContain('pi_1 ch_1');
    expect(within(items[0]!).getAllByRole('definition').map((one) => one.textContent)).toEqual(['€24.00', '€20.00']);
    expect(within(items[1]!).getAllByRole('definition').map((one) => one.textContent)).toEqual(['€24.00', 'nothing']);
    expect(within(items[1]!).getByRole('link', { name: 'Order B2B2B2' }).getAttribute('href')).toBe('#/sales/ord-2');
    expect(within(items[2]!).getByRole('link', { name: 'Late money' }).getAttribute('href')).toBe('#/late');
  });

  test.each(Object.entries(words.kind))('%s has its words', async (kind, { reason, next }) => {
    const till = new FakeTill();
    till.books.closing = closing({ agree: 11, differ: 1, differences: [difference({ kind: kind as ClosingDifferent['kind'] })] });
    show(till);
    expect(await screen.findByText(reason)).toBeDefined();
    expect(screen.getByText(next)).toBeDefined();
  });

  test('more differences than are shown: the CSV has them', async () => {
    const till = new FakeTill();
    till.books.closing = closing({ agree: 0, of: 812, differ: 812, differences: [difference(), difference()] });
    show(till);
    expect(await screen.findByText('The first 2 are shown; the CSV has all of them.')).toBeDefined();
  });

  test('not read yet: says for when, reads on request, and then agrees', async () => {
    const till = new FakeTill();
    till.books.closing = closing({
      from: '2026-11-01T00:00:00Z',
      to: '2026-11-07T23:59:59Z',
      agree: 0,
      unread: 12,
      complete: false,
      missing: [{ from: '2026-11-01T00:00:00Z', to: '2026-11-07T23:59:59Z' }],
    });
    till.books.afterReading = closing();
    const { user } = show(till);
    expect(plain(await verdict())).toMatch(/Stripe’s books are not read for .*1.*Nov.* yet12 movements wait to be checked/);
    const button = screen.getByRole('button', { name: 'Read them now' });
    const release = till.hold();
    await user.dblClick(button);
    expect(screen.getAllByRole('button', { name: 'Reading Stripe’s books…' }).length).toBeGreaterThan(0);
    release();
    await waitFor(async () => expect((await verdict()).textContent).toContain('12 of 12'));
    expect(till.posts('/api/closing/read').map(({ body }) => body)).toEqual([
      { from: new Date(spanOf(days, zone).from).toISOString(), to: new Date(spanOf(days, zone).to).toISOString() },
    ]);
  });

  test('what has just been sold: they agree so far, and what waits', async () => {
    const till = new FakeTill();
    const to = new Date().toISOString();
    const from = new Date(Date.now() - 120_000).toISOString();
    till.books.closing = closing({ to, agree: 11, unread: 1, complete: false, missing: [{ from, to }] });
    show(till, 'today');
    expect((await verdict()).textContent).toContain('agree so far: 11 of 12');
    expect((await verdict()).textContent).toContain('1 movement of the last minutes waits');
    expect(screen.getByRole('button', { name: 'Read them now' })).toBeDefined();
  });

  test('a year is read in pieces that Stripe is asked for', async () => {
    const till = new FakeTill();
    till.books.closing = closing({ from: '2026-01-01T00:00:00Z', to: '2026-11-21T12:00:00Z' });
    const { user } = show(till, { first: '2026-01-01', last: '2026-11-21' });
    await user.click(await screen.findByRole('button', { name: 'Read Stripe’s books now' }));
    await waitFor(() => expect(till.posts('/api/closing/read')).toHaveLength(4));
  });

  test('reading fails: a card with the way on, and the close stays on the screen', async () => {
    const till = new FakeTill();
    till.fail(/closing\/read/, { status: 503, code: 'stripe_unreachable' });
    const { user } = show(till);
    await user.click(await screen.findByRole('button', { name: 'Read Stripe’s books now' }));
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain('Stripe cannot be reached.');
    expect((await verdict()).textContent).toContain('12 of 12');
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(till.posts('/api/closing/read')).toHaveLength(2);
  });

  test('nothing moved', async () => {
    const till = new FakeTill();
    till.books.closing = closing({ agree: 0, of: 0, currencies: [] });
    show(till);
    expect((await verdict()).textContent).toContain('No money moved');
    expect(screen.queryByRole('table')).toBeNull();
  });

  test('no answer', async () => {
    const till = new FakeTill();
    till.down(/GET .*closing$/, new Error('gone'));
    const { user } = show(till);
    const again = within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' });
    till.behave();
    await user.click(again);
    expect(await verdict()).toBeDefined();
  });
});

test('it could not be refreshed: the close that is known stays, is said to be old, and is asked for again', async () => {
  const till = new FakeTill();
  const { user } = show(till);
  await verdict();
  till.down(/GET .*closing$/, new Error('gone'));
  till.books.closing = closing({ agree: 13, of: 13 });
  act(() => till.carrier.say('change', { number: 13, kind: 'statement' }));
  const note = await screen.findByRole('alert');
  expect(note.textContent).toContain('could not be refreshed');
  expect((await verdict()).textContent).toContain('12 of 12');
  till.behave();
  await user.click(within(note).getByRole('button', { name: 'Try again' }));
  await waitFor(async () => expect((await verdict()).textContent).toContain('13 of 13'));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('the stub has room for its longest sum, in whatever currency', async () => {
  const till = new FakeTill();
  till.books.closing = closing({ currencies: [totals(), totals({ currency: 'huf', gross: 1_234_567_890, net: -1_234_567_890 })] });
  show(till);
  await verdict();
  const stub = document.querySelector<HTMLElement>('.stub');
  expect(stub?.style.getPropertyValue('--longest')).toBe(`${'-HUF 12,345,678.90'.length}`);
  expect(within(stub!).getAllByRole('definition')).toHaveLength(8);
});

test('the sums: a column for each currency, long figures whole, what was converted, what else moved', async () => {
  const till = new FakeTill();
  till.books.closing = closing({
    currencies: [
      totals({ gross: 123_456_789_012, converted: [{ charged: { minor: 500_000, currency: 'jpy' }, gross: 3_012 }] }),
      totals({ currency: 'chf', gross: 4_200, disputes: 2, disputed: 1_000, other: -55 }),
    ],
    others: [{ category: 'fee', count: 2, amount: { minor: -150, currency: 'eur' }, fee: 0 }],
  });
  show(till);
  const table = await screen.findByRole('table');
  expect(within(table).getAllByRole('columnheader').map((one) => one.textContent)).toEqual(['What', 'EUR', 'CHF']);
  const cells = (name: string) => within(within(table).getByRole('row', { name: new RegExp(`^${name}`) })).getAllByRole('cell').map(plain);
  expect(cells('Gross')).toEqual(['12 ×€1,234,567,890.12of it €30.12 as JP¥500,000', '12 ×CHF 42.00']);
  expect(cells('Disputes')).toEqual(['0 ×€0.00', '2 ×-CHF 10.00']);
  expect(cells('Other')).toEqual(['€0.00', '-CHF 0.55']);
  expect(screen.getByRole('region', { name: 'Other movements of the balance' }).textContent).toContain('fee, 2-€1.50');
});

describe('which period', () => {
  test.each([
    ['Today', 'today'],
    ['Yesterday', 'yesterday'],
    ['Last 7 days', 'week'],
    ['This month', 'month'],
    ['Last month', 'last-month'],
    ['A payout', { payout: '' }],
  ] as const)('%s', async (name, period) => {
    const { user, onPeriod } = show();
    await user.click(await screen.findByRole('radio', { name }));
    expect(onPeriod).toHaveBeenCalledWith(period);
  });

  test('days of one’s own, by keys alone', async () => {
    const { user } = renderApp('/reconcile/2026-11-01_2026-11-07');
    const start = await screen.findByRole('spinbutton', { name: /^day, Start Date/ }, { timeout: 5_000 });
    act(() => start.focus());
    await user.keyboard('{ArrowUp}');
    await waitFor(() => expect(window.location.hash).toBe('#/reconcile/2026-11-02_2026-11-07'));
    expect(document.activeElement).toBe(start);
    await user.click(screen.getByRole('button', { name: /^Calendar/ }));
    expect(await screen.findByRole('grid', { name: /November 2026/ })).toBeDefined();
  });

  test('more than a year is not asked for', async () => {
    const till = new FakeTill();
    show(till, { first: '2024-01-01', last: '2026-11-07' });
    expect(await screen.findByText('A year at the most.')).toBeDefined();
    expect(asked(till, '/api/closing')).toEqual([]);
  });

  test('a payout out of the list; its files are the payout’s', async () => {
    const till = new FakeTill();
    till.books.payouts = [payout(), payout({ id: 'po_2', status: 'in_transit' })];
    const { user } = renderApp('/reconcile/payout', till);
    await user.click(await screen.findByRole('button', { name: /^Choose one/ }, { timeout: 5_000 }));
    await user.click(await screen.findByRole('option', { name: /^€200.00, sent Thu,? 19 Nov 2026, on its way$/ }));
    expect(window.location.hash).toBe('#/reconcile/po_2');
    await verdict();
    expect(Object.fromEntries(asked(till, '/api/closing').at(-1)!.query)).toEqual({ payout: 'po_2' });
    expect(screen.getByRole('link', { name: 'PDF' }).getAttribute('href')).toContain('/api/closing.pdf?payout=po_2&zone=');
  });
});

test('the files of a period: named by it, in the zone of the reader', async () => {
  show();
  const csv = await screen.findByRole('link', { name: 'CSV' });
  expect(csv.getAttribute('download')).toBe('willcall-close-2026-11-01_2026-11-07.csv');
  const address = new URL(csv.getAttribute('href') ?? '', 'http://till.test');
  expect(address.pathname).toBe('/api/closing.csv');
  expect(Object.fromEntries(address.searchParams)).toEqual({ ...spanOf(days, zone), zone });
});
