import type { Stripe } from '@stripe/stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';
import type { Payment } from '~/api/types';

export type OpenStripe = (payment: Payment) => Promise<Stripe>;

/** A script that has not come by then will not come while somebody stands there waiting. */
const patience = 20_000;

/**
 * Stripe.js for the account that is paid, from Stripe's own host, where it has to come from
 * (docs.stripe.com/js/including). In training it is the stand-in that the simulator gives.
 */
export const openStripe: OpenStripe = async ({ publishableKey, accountId, standIn, mode }) => {
  const options = { locale: 'en' as const, ...(accountId ? { stripeAccount: accountId } : {}) };
  if (standIn && mode === 'training') {
    await inTime(loadScript(standIn));
    if (!window.Stripe) throw new Error('The stand-in is no Stripe.js.');
    return window.Stripe(publishableKey, options);
  }
  const stripe = await inTime(loadStripe(publishableKey, options));
  if (!stripe) throw new Error('Stripe.js did not start.');
  return stripe;
};

function loadScript(address: string): Promise<void> {
  if (window.Stripe) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error('The script did not load.'));
    });
    document.head.append(script);
  });
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The script did not come in time.')), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
