import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { noon, order, paidOrder, status } from '~/testkit/builders';
import { reconciliation } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';
import { media } from '~/testkit/setup';

const at = () => window.location.hash;
const patience = { timeout: 5_000 };

describe('the way through the house', () => {
  test('the first start welcomes; after that it is Sell', async () => {
    const first = renderApp('');
    await first.user.click(await screen.findByRole('button', { name: 'Practise now' }, patience));
    expect(await screen.findByRole('button', { name: /^Adult/ })).toBeDefined();
    expect(at()).toBe('#/sell');
    first.unmount();
    renderApp('');
    expect(await screen.findByRole('button', { name: /^Adult/ })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Practise now' })).toBeNull();
  });

  test('a sale: ticket, code, paid, next customer', async () => {
    const { user, till } = renderApp();
    await user.click(await screen.findByRole('button', { name: /^Adult/ }));
    await user.click(screen.getByRole('button', { name: /Pay by phone/ }));
    expect(await screen.findByRole('heading', { name: 'Code CODE1' }, patience)).toBeDefined();
    expect(at()).toBe('#/code/ord-1');
    expect(screen.getByTitle('The buyer’s phone, for practice').getAttribute('src')).toBe('/training/phone/c/pay/cs_test_1');
    act(() => till.move('ord-1', { ...paidOrder(), id: 'ord-1', code: 'CODE1' }));
    await screen.findByRole('heading', { name: 'Paid' });
    await user.keyboard('{Enter}');
    expect(at()).toBe('#/sell');
    expect(within(screen.getByRole('region', { name: 'Codes that wait' })).queryByRole('button')).toBeNull();
  });

  test('a code that was just made waits beside the next cart, before the till has listed it', async () => {
    const { user, till } = renderApp();
    await user.click(await screen.findByRole('button', { name: /^Adult/ }));
    till.down(/GET .*orders$/, new Error('gone'));
    await user.click(screen.getByRole('button', { name: /Pay by phone/ }));
    await screen.findByRole('heading', { name: 'Code CODE1' }, patience);
    await user.keyboard('{Escape}');
    await screen.findByRole('button', { name: /^Adult/ });
    await user.keyboard('o');
    expect(at()).toBe('#/code/ord-1');
  });

  test('sell again fills the cart as it was', async () => {
    const till = new FakeTill();
    till.orders = [order({ status: 'expired' })];
    const { user } = renderApp('/code/ord-1', till);
    await user.click(await screen.findByRole('button', { name: 'Sell again' }, patience));
    expect((await screen.findByRole('group', { name: 'Quantity of Adult' })).textContent).toContain('2');
  });

  test('a cart outlives a look at the sales', async () => {
    const { user } = renderApp();
    await user.click(await screen.findByRole('button', { name: /^Child/ }));
    await user.keyboard('l');
    expect(await screen.findByRole('heading', { name: 'Sales' }, patience)).toBeDefined();
    await user.keyboard('s');
    expect((await screen.findByRole('group', { name: 'Quantity of Child' })).textContent).toContain('1');
  });

  test('from the story of an open order to its code', async () => {
    const till = new FakeTill();
    till.orders = [order()];
    const { user } = renderApp('/sales/ord-1', till);
    await user.click(await screen.findByRole('button', { name: 'Show the code' }, patience));
    expect(at()).toBe('#/code/ord-1');
  });

  test('an address that leads nowhere leads on', async () => {
    const { user } = renderApp('/nowhere');
    await user.click(await screen.findByRole('button', { name: 'Go to Sell' }));
    expect(at()).toBe('#/sell');
  });

  test('the focus goes to the new screen, so that the next Tab is in it', async () => {
    const { user } = renderApp();
    await screen.findByRole('button', { name: /^Adult/ });
    await user.click(screen.getAllByRole('link', { name: 'Sales' })[0]!);
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });
});

describe('what stands around every screen', () => {
  test('training, and where one is', async () => {
    renderApp();
    expect((await screen.findByText('Training')).parentElement?.textContent).toBe('Trainingno real money');
    expect(screen.getAllByRole('link', { name: 'Sell' })[0]?.getAttribute('aria-current')).toBe('page');
  });

  test('in earnest the band names the account, and there is no phone beside the till', async () => {
    const till = new FakeTill();
    till.status = status({ mode: 'live' });
    till.office.connection = { ...till.office.connection, livemode: true, via: 'key', accountName: 'Playhouse Ltd' };
    till.orders = [order()];
    renderApp('/code/ord-1', till);
    await screen.findByRole('img', { name: /^QR code of the page/ }, patience);
    expect((await screen.findByText('Live')).parentElement?.textContent).toBe('LivePlayhouse Ltd');
    expect(screen.queryByText('no real money')).toBeNull();
    expect(screen.queryByTitle('The buyer’s phone, for practice')).toBeNull();
  });

  test.each([
    ['ok', 'Stripe answers'],
    ['unknown', 'Stripe not asked yet'],
    ['down', 'Stripe unreachable'],
  ] as const)('Stripe is %s: %s, in words', async (state, words) => {
    const till = new FakeTill();
    till.status = status({ stripe: { state, reads: 3 } });
    renderApp('/sell', till);
    expect(await screen.findByRole('button', { name: new RegExp(`^${words}`) })).toBeDefined();
  });

  test.each([
    ['how far the book has heard', {}, /^Stripe answers caught up to (21 Nov, )?1[1-3]:00$/],
    ['a gap that is read', { state: 'catching_up', waiting: 2, catchUp: { from: noon, to: noon, share: 43, found: 12 } }, 'Stripe answers catching up 43 %'],
    ['Stripe not heard for long', { state: 'behind', waiting: 2 }, /behind since/],
    ['what waits for a person', { waiting: 2, questions: 1 }, 'Stripe answers 3 things wait'],
    ['one thing that waits', { questions: 1 }, 'Stripe answers 1 thing waits'],
  ] as const)('under the lamp: %s', async (_, change, name) => {
    const till = new FakeTill();
    till.books.reconciliation = reconciliation(change);
    renderApp('/sell', till);
    expect(await screen.findByRole('button', { name })).toBeDefined();
  });

  test('more about Stripe behind the lamp', async () => {
    const till = new FakeTill();
    till.status = status({
      stripe: { state: 'down', reads: 12, problem: { code: 'stripe_unreachable', detail: '', next: '' } },
    });
    const { user } = renderApp('/sell', till);
    await user.click(await screen.findByRole('button', { name: /^Stripe unreachable/ }));
    const dialog = await screen.findByRole('dialog', { name: 'About this till' }, patience);
    expect(dialog.textContent).toContain('Stripe cannot be reached.');
    expect(dialog.textContent).toContain('None yet');
    expect(dialog.textContent).toContain('till-1');
    expect(dialog.textContent).toContain('1,234 of 10,000');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: /^Stripe unreachable/ }));
    await user.click(await screen.findByRole('button', { name: 'Reconcile' }, patience));
    expect(at()).toBe('#/reconcile');
  });

  test('the till goes away and comes back: unmistakable, and everything is fetched again', async () => {
    const { till } = renderApp();
    await screen.findByRole('button', { name: /^Adult/ });
    const before = till.seen.filter(({ path }) => path === '/api/catalogue').length;
    vi.useFakeTimers({ shouldAdvanceTime: true });
    act(() => till.carrier.breaks());
    act(() => void vi.advanceTimersByTime(1_600));
    vi.useRealTimers();
    expect(screen.getByRole('alert').textContent).toContain('Willcall is not answering');
    expect(screen.getByRole('button', { name: 'Till offline' })).toBeDefined();
    act(() => screen.getByRole('button', { name: 'Try now' }).click());
    act(() => till.carrier.say('hello'));
    expect(screen.queryByRole('alert')).toBeNull();
    await waitFor(() => expect(till.seen.filter(({ path }) => path === '/api/catalogue').length).toBeGreaterThan(before));
  });
});

describe('preferences', () => {
  test('the theme follows the system until somebody chooses, and is kept', async () => {
    media.add('(prefers-color-scheme: dark)');
    const { user, unmount } = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Light theme' }));
    expect(document.documentElement.dataset.theme).toBe('light');
    unmount();
    renderApp();
    const button = await screen.findByRole('button', { name: 'Dark theme' });
    expect(document.documentElement.dataset.theme).toBe('light');
    act(() => button.click());
    expect(document.documentElement.dataset.theme).toBe('dark');
  });

  test('single keys can be turned off; Enter and Escape stay', async () => {
    const { user, till } = renderApp();
    await screen.findByRole('button', { name: /^Adult/ });
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keys' }, patience);
    expect(within(dialog).getByText('Pay by phone')).toBeDefined();
    await user.click(within(dialog).getByRole('switch'));
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await user.keyboard('11p');
    expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: /^Adult/ }));
    act(() => screen.getByRole('main').focus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(till.posts('/api/orders')).toHaveLength(1));
  });

  test('a spoilt or forbidden store costs a preference and nothing else', async () => {
    window.localStorage.setItem('willcall.preferences', '{"theme":');
    renderApp();
    expect(await screen.findByRole('button', { name: /^Adult/ })).toBeDefined();
  });
});

test('a screen that stumbles offers the way on instead of a white page', async () => {
  const till = new FakeTill();
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  till.catalogue = { events: null } as never;
  renderApp('/sell', till);
  const crashed = await screen.findByRole('alert');
  expect(crashed.textContent).toContain('No sale is lost');
  expect(within(crashed).getByRole('button', { name: 'Open the till afresh' })).toBeDefined();
  expect(quiet).toHaveBeenCalled();
});
