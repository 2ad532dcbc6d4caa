import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Order } from '~/api/types';
import { order, paidOrder, tender } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { media } from '~/testkit/setup';
import { CodeScreen } from './CodeScreen';

function show(now: Order, till = new FakeTill()) {
  till.orders = [now];
  const on = { onNext: vi.fn(), onSellAgain: vi.fn(), onStory: vi.fn() };
  const phone = (shown: Order) => <aside>{`phone of ${shown.code}`}</aside>;
  return { ...renderScreen(<CodeScreen id={now.id} phone={phone} {...on} />, till), ...on };
}

const qr = () => screen.queryByRole('img', { name: 'QR code of the page where the buyer pays €48.00' });

describe('while the code waits', () => {
  test('the code, the amount, what is bought, and the phone', async () => {
    show(order());
    expect((await screen.findByRole('img')).getAttribute('src')).toBe('/api/orders/ord-1/code.svg');
    expect(qr()).not.toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Code K7QF3M');
    expect(screen.getByText('2 × Adult')).toBeDefined();
    expect(screen.getByText('Waiting for the buyer')).toBeDefined();
    expect(screen.getByText('phone of K7QF3M')).toBeDefined();
  });

  test('on a narrow screen the phone has a tab of its own', async () => {
    media.add('(max-width: 48rem)');
    const { user } = show(order());
    await user.click(await screen.findByRole('tab', { name: 'Buyer’s phone' }));
    expect(screen.getByRole('tabpanel', { name: 'Buyer’s phone' }).textContent).toContain('phone of K7QF3M');
  });

  test('the time left runs down, and then says that it is up', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, now: new Date('2026-11-21T12:29:58Z') });
    show(order());
    expect((await screen.findByRole('timer')).textContent).toBe('0:02');
    act(() => void vi.advanceTimersByTime(3_000));
    expect(screen.getByRole('timer').textContent).toBe('0:00');
    expect(screen.getByText('Time is up')).toBeDefined();
    vi.useRealTimers();
  });

  test.each(['{Escape}', 'n'])('%s parks it: the next customer', async (key) => {
    const { user, onNext, till } = show(order());
    await screen.findByRole('img');
    await user.keyboard(key);
    expect(onNext).toHaveBeenCalledOnce();
    expect(till.posts('/api/orders/ord-1/cancel')).toEqual([]);
  });

  test('a picture that cannot be drawn can be asked for again', async () => {
    const { user } = show(order());
    fireEvent.error(await screen.findByRole('img'));
    expect(screen.getByRole('alert').textContent).toContain('could not be drawn');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(qr()).not.toBeNull();
  });

  test('a picture that could not be drawn comes back with the till', async () => {
    show(order());
    const drawn = await screen.findByRole('img');
    const sought: string[] = [];
    vi.spyOn(HTMLImageElement.prototype, 'src', 'set').mockImplementation(function (this: HTMLImageElement, address) {
      sought.push(address);
      if (sought.length > 1) this.onload?.(new Event('load'));
    });
    fireEvent.error(drawn);
    expect(qr()).toBeNull();
    await waitFor(() => expect(qr()).not.toBeNull(), { timeout: 6000 });
    expect(new Set(sought)).toEqual(new Set(['/api/orders/ord-1/code.svg']));
  });
});

describe('what stands in the place of the code', () => {
  test.each([
    ['starting', tender({ state: 'starting' }), 'Stripe has not answered yet', 'The seats are kept and nothing has been charged'],
    ['canceling', tender({ cancelAsked: true }), 'Asking Stripe to end the code…', 'the sale stands'],
    ['processing', tender({ state: 'processing' }), 'The bank is still deciding', 'The buyer is done'],
  ])('%s', async (_, now, says, money) => {
    show(order({ tenders: [now] }));
    expect(await screen.findAllByText(says)).toHaveLength(2);
    expect(screen.getByText(new RegExp(money))).toBeDefined();
    expect(qr()).toBeNull();
    const cancel = screen.getByRole('button', { name: 'Cancel' });
    expect(cancel.hasAttribute('disabled')).toBe(true);
    const check = screen.getByRole('button', { name: 'Buyer says paid' });
    expect(check.hasAttribute('disabled')).toBe(now.state === 'starting');
  });
});

describe('by itself', () => {
  test('an order that starts turns to its code, and the code to Paid', async () => {
    const till = new FakeTill();
    show(order({ tenders: [tender({ state: 'starting' })] }), till);
    await screen.findAllByText('Stripe has not answered yet');
    act(() => till.move('ord-1', { tenders: [tender()] }));
    await waitFor(() => expect(qr()).not.toBeNull());
    act(() => till.move('ord-1', paidOrder()));
    expect(await screen.findByRole('heading', { name: 'Paid' })).toBeDefined();
  });
});

describe('asking Stripe', () => {
  test('the buyer says paid: asked at once, and once at a time', async () => {
    const till = new FakeTill();
    const { user } = show(order(), till);
    await screen.findByRole('img');
    const release = till.hold();
    await user.keyboard('aa');
    expect(screen.getByRole('button', { name: /Asking Stripe/ })).toBeDefined();
    release();
    expect(await screen.findByRole('button', { name: /Not paid yet/ })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/check')).toHaveLength(1);
  });

  test('Stripe cannot be reached: said, and tried again', async () => {
    const till = new FakeTill();
    till.fail(/check$/, { status: 502, code: 'stripe_unreachable' });
    const { user } = show(order(), till);
    await user.click(await screen.findByRole('button', { name: 'Buyer says paid' }));
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain('Stripe cannot be reached.');
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(till.posts('/api/orders/ord-1/check')).toHaveLength(2));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('cancelling', () => {
  test('asks first; keeping is the safe button and has the focus', async () => {
    const { user, till } = show(order());
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    const question = await screen.findByRole('alertdialog', { name: 'Cancel order K7QF3M?' });
    expect(document.activeElement?.textContent).toBe('Keep the code');
    await user.click(within(question).getByRole('button', { name: 'Keep the code' }));
    expect(till.posts('/api/orders/ord-1/cancel')).toEqual([]);
  });

  test('then asks Stripe, and says what became of it', async () => {
    const { user, till, onSellAgain } = show(order());
    await screen.findByRole('img');
    await user.keyboard('c');
    await user.click(await screen.findByRole('button', { name: 'Cancel the order' }));
    expect(await screen.findByRole('heading', { name: 'Cancelled' })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/cancel')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Sell again' }));
    expect(onSellAgain).toHaveBeenCalledOnce();
  });

  test('a buyer who was faster has paid', async () => {
    const till = new FakeTill();
    till.fail(/cancel$/, { status: 409, code: 'not_cancelable' });
    const { user } = show(order(), till);
    await screen.findByRole('img');
    await user.keyboard('c');
    await user.click(await screen.findByRole('button', { name: 'Cancel the order' }));
    expect((await screen.findByRole('alert')).textContent).toContain('cannot be cancelled any more');
    act(() => till.move('ord-1', paidOrder()));
    expect(await screen.findByRole('heading', { name: 'Paid' })).toBeDefined();
  });
});

describe('paid', () => {
  test('the amount, the card, and a code for every ticket', async () => {
    const { user, onStory } = show(paidOrder());
    expect(await screen.findByRole('heading', { name: 'Paid' })).toBeDefined();
    expect(screen.getByText('Paid with Visa ending 4242')).toBeDefined();
    expect(screen.getAllByRole('img').map((image) => image.getAttribute('src'))).toEqual([
      '/api/tickets/tkt-1/code.svg',
      '/api/tickets/tkt-2/code.svg',
    ]);
    expect(screen.getByRole('img', { name: 'QR code of ticket 2 of 2' })).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Show the whole story' }));
    expect(onStory).toHaveBeenCalledOnce();
  });

  test.each(['{Enter}', '{Escape}', 'n'])('%s: the next customer', async (key) => {
    const { user, onNext } = show(paidOrder());
    await screen.findByRole('heading', { name: 'Paid' });
    await user.keyboard(key);
    expect(onNext).toHaveBeenCalledOnce();
  });

  test('is told at once to who cannot see it', async () => {
    show(paidOrder());
    expect(await screen.findByText('Paid. €48.00, order K7QF3M.')).toBeDefined();
  });
});

describe('an end without money', () => {
  test.each([
    ['expired', 'expired', 'The time ran out'],
    ['canceled', 'expired', 'Cancelled'],
    ['failed', 'failed', 'The bank said no'],
    ['failed', 'refused', 'Stripe did not make a code'],
  ] as const)('%s (%s): %s, and the seats are free again', async (status, state, says) => {
    const { user, onSellAgain, onNext } = show(order({ status, tenders: [tender({ state })] }));
    expect(await screen.findByRole('heading', { name: says })).toBeDefined();
    expect(screen.getByText(/seats are free again/)).toBeDefined();
    await user.keyboard('{Enter}');
    expect(onSellAgain).toHaveBeenCalledOnce();
    await user.keyboard('{Escape}');
    expect(onNext).toHaveBeenCalledOnce();
  });

  test('says why Stripe made no code', async () => {
    const problem = { code: 'stripe_key', detail: '', next: '' } as const;
    show(order({ status: 'failed', tenders: [tender({ state: 'refused', problem })] }));
    expect(await screen.findByText('Stripe does not accept this till’s key.')).toBeDefined();
  });
});

test('an order that does not exist is no dead end', async () => {
  const till = new FakeTill();
  const onNext = vi.fn();
  const { user } = renderScreen(
    <CodeScreen id="ord-gone" phone={() => null} onNext={onNext} onSellAgain={vi.fn()} onStory={vi.fn()} />,
    till,
  );
  const card = await screen.findByRole('alert');
  expect(card.textContent).toContain('There is no such order.');
  await user.click(within(card).getByRole('button', { name: 'Close' }));
  expect(onNext).toHaveBeenCalledOnce();
});
