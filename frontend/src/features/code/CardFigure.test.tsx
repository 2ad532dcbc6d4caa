import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Order, Tender } from '~/api/types';
import { order, paidOrder, tender } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp, renderScreen } from '~/testkit/renderTill';
import { CodeScreen } from './CodeScreen';

const bare = tender();
delete bare.expiresAt;
delete bare.trainingPhone;
const typed = (change: Partial<Tender> = {}): Order => order({ tenders: [{ ...bare, kind: 'card', ...change }] });

const browser = vi.fn<typeof window.open>();

beforeEach(() => {
  browser.mockReset();
  vi.stubGlobal('open', browser);
});

function show(now = typed(), till = new FakeTill()) {
  till.orders = [now];
  return renderScreen(<CodeScreen id={now.id} phone={() => null} onNext={vi.fn()} onSellAgain={vi.fn()} onStory={vi.fn()} />, till);
}

const page = 'https://127.0.0.1:4382/pay.html?order=ord-1';
const openButton = () => screen.findByRole('button', { name: /^Open the card page/ });

describe('a card that is typed here', () => {
  test('has no code for a phone; the amount, the order, and the way to the page', async () => {
    show();
    await openButton();
    expect(screen.queryByRole('img')).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Card on this screen K7QF3M');
    expect(screen.getByText('€48.00')).toBeDefined();
    expect(screen.getByText('Waiting for the card')).toBeDefined();
    expect(screen.getByText(/certificate that this till made itself/)).toBeDefined();
  });

  test('the till opens the system’s browser, and this window opens nothing', async () => {
    const { user, till } = show();
    await user.click(await openButton());
    await screen.findByText(/The card page is open/);
    expect(till.posts('/api/orders/ord-1/page')).toHaveLength(1);
    expect(browser).not.toHaveBeenCalled();
  });

  test('without a system’s browser the page opens in a window of the order’s own, twice the same', async () => {
    const till = new FakeTill();
    till.opensBrowser = false;
    browser.mockReturnValue(window);
    const { user } = show(typed(), till);
    await openButton();
    await user.keyboard('{Enter}');
    await screen.findByText(/The card page is open/);
    await user.click(await openButton());
    await waitFor(() => expect(browser.mock.calls).toEqual([[page, 'willcall-card-ord-1'], [page, 'willcall-card-ord-1']]));
  });

  test('a browser that forbids it: the address to open by hand', async () => {
    const till = new FakeTill();
    till.opensBrowser = false;
    browser.mockReturnValue(null);
    const { user } = show(typed(), till);
    await user.click(await openButton());
    expect(await screen.findByText(page)).toBeDefined();
    expect(screen.queryByText(/The card page is open/)).toBeNull();
  });

  test('a till that does not answer: said, and tried again', async () => {
    const till = new FakeTill();
    till.fail(/page$/, new Error('gone'));
    const { user } = show(typed(), till);
    await user.click(await openButton());
    const card = await screen.findByRole('alert');
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await screen.findByText(/The card page is open/);
  });

  test('turns to Paid by itself', async () => {
    const { till } = show();
    await openButton();
    act(() => till.move('ord-1', paidOrder({ tenders: [{ ...bare, kind: 'card', state: 'paid', card: { brand: 'visa', last4: '4242' } }] })));
    expect(await screen.findByRole('heading', { name: 'Paid' })).toBeDefined();
    expect(screen.getByText('Paid with Visa ending 4242')).toBeDefined();
  });

  test('is cancelled like a code, in words of its own', async () => {
    const { user, till } = show();
    await openButton();
    await user.keyboard('c');
    const question = await screen.findByRole('alertdialog');
    expect(question.textContent).toContain('end the payment');
    await user.click(within(question).getByRole('button', { name: 'Cancel the order' }));
    expect(await screen.findByRole('heading', { name: 'Cancelled' })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/cancel')).toHaveLength(1);
  });

  test.each([
    ['starting', typed({ state: 'starting' }), 'Stripe has not answered yet'],
    ['canceling', typed({ cancelAsked: true }), 'Asking Stripe to end the payment…'],
    ['processing', typed({ state: 'processing' }), 'The bank is still deciding'],
  ])('%s: no page to open', async (_state, now, says) => {
    show(now);
    expect(await screen.findAllByText(says)).toHaveLength(2);
    expect(screen.queryByRole('button', { name: /^Open the card page/ })).toBeNull();
  });

  test('refused by Stripe: no word of a code', async () => {
    show({ ...typed({ state: 'refused' }), status: 'failed' });
    expect(await screen.findByRole('heading', { name: 'Stripe did not take the sale' })).toBeDefined();
  });
});

test('parked and told like a code; no buyer’s phone beside it', async () => {
  const till = new FakeTill();
  till.orders = [typed()];
  const { user } = renderApp('/code/ord-1', till);
  await openButton();
  expect(screen.queryByTitle('The buyer’s phone, for practice')).toBeNull();
  expect(screen.queryByRole('complementary')).toBeNull();
  await user.keyboard('{Escape}');
  const strip = await screen.findByRole('region', { name: 'Codes that wait' });
  await user.click(await within(strip).findByRole('button', { name: /K7QF3M/ }));
  await openButton();
  await user.keyboard('l');
  await user.click(await screen.findByRole('link', { name: /K7QF3M/ }));
  await user.click(await screen.findByRole('button', { name: 'Show the sale' }));
  await openButton();
});
