import { afterEach, expect, test, vi } from 'vitest';
import { payment } from '~/testkit/builders';
import { FakeStripe } from '~/testkit/fakeStripe';
import { openStripe } from './openStripe';

afterEach(() => {
  delete window.Stripe;
  document.head.replaceChildren();
  vi.useRealTimers();
});

const script = () => document.head.querySelector('script');

test('in training the stand-in is loaded, and asked for the key and the account', async () => {
  const { stripe } = new FakeStripe();
  const constructor = vi.fn(() => stripe);
  const opening = openStripe(payment({ standIn: 'http://127.0.0.1:4381/elements/stripe.js', accountId: 'acct_1' }));
  expect(script()?.src).toBe('http://127.0.0.1:4381/elements/stripe.js');
  window.Stripe = constructor;
  script()?.dispatchEvent(new Event('load'));
  expect(await opening).toBe(stripe);
  expect(constructor).toHaveBeenCalledWith('pk_test_1', { locale: 'en', stripeAccount: 'acct_1' });
});

test('a stand-in that does not load is told, and can be tried again', async () => {
  const training = payment({ standIn: 'http://127.0.0.1:4381/elements/stripe.js' });
  const opening = openStripe(training);
  script()?.dispatchEvent(new Event('error'));
  await expect(opening).rejects.toThrow('did not load');
  void openStripe(training).catch(() => undefined);
  expect(document.head.querySelectorAll('script')).toHaveLength(1);
});

test('in earnest Stripe.js comes from Stripe’s own host, whatever the answer names as stand-in', () => {
  void openStripe(payment({ mode: 'live', standIn: 'http://127.0.0.1:4381/elements/stripe.js' })).catch(() => undefined);
  expect(script()?.src).toMatch(/^https:\/\/js\.stripe\.com\//);
});

test('a script that never comes is given up', async () => {
  vi.useFakeTimers();
  const opening = openStripe(payment({ standIn: 'http://127.0.0.1:4381/elements/stripe.js' }));
  const gaveUp = expect(opening).rejects.toThrow('in time');
  await vi.advanceTimersByTimeAsync(20_000);
  await gaveUp;
});
