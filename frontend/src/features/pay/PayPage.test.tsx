import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { IntlProvider } from 'use-intl';
import { describe, expect, test, vi } from 'vitest';
import { en } from '~/messages/en';
import { pay } from '~/messages/pay.en';
import { order, payment } from '~/testkit/builders';
import { FakeStripe } from '~/testkit/fakeStripe';
import { FakeTill } from '~/testkit/fakeTill';
import { PayPage } from './PayPage';
import type { Turn, TurnState } from './turn';

interface Opening {
  till?: FakeTill;
  stripe?: FakeStripe;
  turn?: TurnState;
  /** How often Stripe.js does not load. */
  broken?: number;
}

function open({ till = new FakeTill(), stripe = new FakeStripe(), turn = 'mine', broken = 0 }: Opening = {}) {
  till.orders = [order()];
  vi.stubGlobal('fetch', till.fetch);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  const taking: Turn = { subscribe: () => () => undefined, state: () => turn, take: vi.fn() };
  let failures = broken;
  const openStripe = () => (failures-- > 0 ? Promise.reject(new Error('no script')) : Promise.resolve(stripe.stripe));
  render(
    <IntlProvider locale="en-GB" timeZone="UTC" messages={{ ...en, pay }}>
      <QueryClientProvider client={client}>
        <PayPage order="ord-1" openStripe={openStripe} turn={taking} returnUrl="https://till.test/pay.html?order=ord-1" />
      </QueryClientProvider>
    </IntlProvider>,
  );
  const refetch = () => act(() => client.refetchQueries({ queryKey: ['payment'] }));
  return { till, stripe, taking, refetch, user: userEvent.setup() };
}

const payButton = () => screen.findByRole('button', { name: 'Pay €48.00' });
const enabledPay = async () => {
  const button = await payButton();
  await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
  return button;
};
const heading = (name: string) => screen.findByRole('heading', { name });

describe('a card that is good', () => {
  test('is taken by Stripe, and Paid only when the till says so', async () => {
    const { till, stripe, user, refetch } = open();
    await user.click(await enabledPay());
    await heading('Stripe has taken it.');
    expect(screen.queryByText('Paid')).toBeNull();
    expect(stripe.confirmed).toHaveLength(1);
    expect(stripe.confirmed[0]).toMatchObject({
      redirect: 'if_required',
      confirmParams: { return_url: 'https://till.test/pay.html?order=ord-1' },
    });
    await refetch();
    expect(screen.queryByText('Paid')).toBeNull();
    till.payment = payment({ state: 'paid' });
    await refetch();
    await heading('Paid');
  });

  test('is charged once, however often Pay is tapped', async () => {
    const { stripe, user } = open();
    const release = stripe.hold();
    const button = await enabledPay();
    await user.dblClick(button);
    await user.keyboard('{Enter}');
    await screen.findByRole('button', { name: 'Asking the bank…' });
    expect(screen.getByText(/Follow what it asks/)).toBeDefined();
    expect(stripe.confirmed).toHaveLength(1);
    release();
    await heading('Stripe has taken it.');
    expect(stripe.confirmed).toHaveLength(1);
  });

  test('is charged once even when two taps come before the page can say that it asks', async () => {
    const { stripe } = open();
    const form = (await enabledPay()).closest('form')!;
    act(() => {
      fireEvent.submit(form);
      fireEvent.submit(form);
    });
    await heading('Stripe has taken it.');
    expect(stripe.confirmed).toHaveLength(1);
  });

  test('the amount, the order and training are always in sight', async () => {
    const { till, refetch } = open();
    await payButton();
    const inSight = () => {
      expect(screen.getByText('€48.00')).toBeDefined();
      expect(screen.getByText('K7QF3M')).toBeDefined();
      expect(screen.getByText('no real money')).toBeDefined();
    };
    inSight();
    till.payment = payment({ state: 'paid' });
    await refetch();
    await heading('Paid');
    inSight();
    expect(screen.queryAllByRole('link')).toEqual([]);
  });

  test('in earnest there is no word of training', async () => {
    const till = new FakeTill();
    till.payment = payment({ mode: 'live' });
    open({ till });
    await payButton();
    expect(screen.queryByText(/no real money|training card/)).toBeNull();
  });
});

describe('a payment that does not come about', () => {
  const declined = (decline_code: string) => ({ error: { type: 'card_error' as const, code: 'card_declined', decline_code } });
  test.each([
    ['funds', declined('insufficient_funds'), 'The card has too little money.'],
    ['expiry', { error: { type: 'card_error', code: 'expired_card' } }, 'The card has expired.'],
    ['cvc', { error: { type: 'card_error', code: 'incorrect_cvc' } }, 'The security code is wrong.'],
    ['stolen', declined('stolen_card'), 'The bank declined the card.'],
    ['half-typed', { error: { type: 'validation_error' } }, 'The card is not complete.'],
    ['3-D Secure refused', { error: { type: 'invalid_request_error', code: 'payment_intent_authentication_failure' } }, 'The bank’s confirmation did not succeed.'],
    ['3-D Secure left open', { paymentIntent: { status: 'requires_action' } }, 'The bank’s confirmation did not succeed.'],
  ] as const)('%s: told in words, nothing charged, and another card may be typed', async (_, outcome, words) => {
    const stripe = new FakeStripe();
    stripe.outcomes = [outcome, { paymentIntent: { status: 'succeeded' } }];
    const { user } = open({ stripe });
    await user.click(await enabledPay());
    const typed = screen.getByRole('textbox');
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain(words);
    expect(card.textContent).toContain('Nothing was charged.');
    expect(screen.getByRole('textbox'), 'what was typed stays').toBe(typed);
    await user.click(await enabledPay());
    await heading('Stripe has taken it.');
  });

  test('cancelled at the till meanwhile: no card is taken any more', async () => {
    const { till, refetch } = open();
    await payButton();
    till.payment = payment({ state: 'expired' });
    await refetch();
    await heading('This order is over.');
    expect(screen.queryByRole('button', { name: /Pay/ })).toBeNull();
  });

  test('cancelled in the very moment of Pay', async () => {
    const stripe = new FakeStripe();
    stripe.outcomes = [{ error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' } }];
    const { user } = open({ stripe });
    const button = await enabledPay();
    stripe.intent = { paymentIntent: { status: 'canceled' } };
    await user.click(button);
    expect((await screen.findByRole('alert')).textContent).toContain('This order is over.');
    expect((await payButton()).hasAttribute('disabled')).toBe(true);
  });
});

describe('a network that breaks', () => {
  test('during Pay, and Stripe has it: looked up, taken', async () => {
    const stripe = new FakeStripe();
    stripe.outcomes = [new Error('network')];
    const { user } = open({ stripe });
    const button = await enabledPay();
    stripe.intent = { paymentIntent: { status: 'succeeded' } };
    await user.click(button);
    await heading('Stripe has taken it.');
  });

  test('during Pay, and Stripe has it not: nothing charged', async () => {
    const stripe = new FakeStripe();
    stripe.outcomes = [{ error: { type: 'api_connection_error' } }];
    const { user } = open({ stripe });
    await user.click(await enabledPay());
    expect((await screen.findByRole('alert')).textContent).toContain('nothing was charged');
    await enabledPay();
  });

  test('and nobody knows: no second payment until somebody has looked', async () => {
    const stripe = new FakeStripe();
    stripe.outcomes = [{ error: { type: 'api_connection_error' } }];
    const { user } = open({ stripe });
    const button = await enabledPay();
    stripe.intent = new Error('network');
    await user.click(button);
    expect((await screen.findByRole('alert')).textContent).toContain('Do not pay again in any way');
    expect((await payButton()).hasAttribute('disabled')).toBe(true);
    stripe.intent = { paymentIntent: { status: 'succeeded' } };
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await heading('Stripe has taken it.');
    expect(stripe.confirmed).toHaveLength(1);
  });

  test('to the till: said, and nothing typed is lost', async () => {
    const { till, stripe, refetch } = open();
    await payButton();
    till.fail(/payment$/, new Error('gone'));
    await refetch();
    expect((await screen.findByRole('alert')).textContent).toContain('The till is not answering.');
    await refetch();
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(stripe.mounted).toBe(1);
  });

  test('before Stripe.js is here: what to do, and again', async () => {
    const { user } = open({ broken: 1 });
    expect((await screen.findByRole('alert')).textContent).toContain('pay by phone instead');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await enabledPay();
  });

  test('before the form is here: the same', async () => {
    const stripe = new FakeStripe();
    stripe.formLoads = false;
    open({ stripe });
    expect((await screen.findByRole('alert')).textContent).toContain('cannot be loaded');
  });
});

describe('opened again', () => {
  test('after Stripe has taken it: not a second card', async () => {
    const stripe = new FakeStripe();
    stripe.intent = { paymentIntent: { status: 'processing' } };
    open({ stripe });
    await heading('Stripe has taken it.');
    expect(stripe.confirmed).toEqual([]);
  });

  test('back from a bank’s own page that said no', async () => {
    const stripe = new FakeStripe();
    stripe.intent = {
      paymentIntent: {
        status: 'requires_payment_method',
        last_payment_error: { type: 'invalid_request_error', code: 'payment_intent_authentication_failure' },
      },
    };
    open({ stripe });
    expect((await screen.findByRole('alert')).textContent).toContain('confirmation did not succeed');
    await enabledPay();
  });

  test('in a second window: the card is typed in one of them', async () => {
    const { user, stripe, taking } = open({ turn: 'elsewhere' });
    await heading('This order is open in another window.');
    expect(stripe.mounted).toBe(0);
    await user.click(screen.getByRole('button', { name: 'Go on here' }));
    expect(taking.take).toHaveBeenCalledOnce();
  });

  test.each([
    ['starting', 'The till is still asking Stripe.'],
    ['processing', 'The bank is still deciding.'],
    ['paid', 'Paid'],
    ['refused', 'Stripe did not take this order.'],
    ['failed', 'The bank said no.'],
  ] as const)('%s: %s', async (state, title) => {
    const till = new FakeTill();
    till.payment = payment({ state });
    open({ till });
    await heading(title);
  });

  test('an order that is none', async () => {
    const till = new FakeTill();
    till.fail(/payment$/, { status: 404, code: 'unknown_order' });
    const { user } = open({ till });
    expect((await screen.findByRole('alert')).textContent).toContain('There is no such order.');
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await payButton();
  });
});
