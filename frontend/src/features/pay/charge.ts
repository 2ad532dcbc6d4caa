import type { PaymentIntent, Stripe, StripeElements } from '@stripe/stripe-js';
import { troubleOf, type Trouble } from './trouble';

/**
 * How a payment stands as Stripe.js tells it, which is a hint and never proof: `taken` Stripe has it or is about to, so
 * the till will learn of it; `open` the card may be typed, after `trouble` if there was any.
 */
export type Verdict = { kind: 'taken' } | { kind: 'open'; trouble?: Trouble };

/** Asks Stripe to charge what was typed. Never throws; an answer that says nothing is looked after at once. */
export async function charge(stripe: Stripe, elements: StripeElements, secret: string, returnUrl: string): Promise<Verdict> {
  try {
    const { error, paymentIntent } = await stripe.confirmPayment({
      elements,
      redirect: 'if_required',
      confirmParams: { return_url: returnUrl },
    });
    if (paymentIntent) return verdictOf(paymentIntent, 'confirmation');
    const trouble = troubleOf(error);
    return trouble === 'unknown' ? await look(stripe, secret) : { kind: 'open', trouble };
  } catch {
    return look(stripe, secret);
  }
}

/** Asks Stripe how the payment stands after a question that got no clear answer. */
export async function look(stripe: Stripe, secret: string): Promise<Verdict> {
  const verdict = await seen(stripe, secret, 'network');
  return verdict ?? { kind: 'open', trouble: 'unknown' };
}

/** How the payment stands when the page is opened, again perhaps, or comes back from a bank's own page. */
export async function find(stripe: Stripe, secret: string): Promise<Verdict> {
  return (await seen(stripe, secret)) ?? { kind: 'open' };
}

/** Stripe's answer; `otherwise` is what is wrong with a payment that nothing else is wrong with. */
async function seen(stripe: Stripe, secret: string, otherwise?: Trouble): Promise<Verdict | undefined> {
  try {
    const { paymentIntent } = await stripe.retrievePaymentIntent(secret);
    return paymentIntent && verdictOf(paymentIntent, otherwise);
  } catch {
    return undefined;
  }
}

function verdictOf({ status, last_payment_error: last }: PaymentIntent, otherwise?: Trouble): Verdict {
  if (status === 'succeeded' || status === 'processing') return { kind: 'taken' };
  if (status === 'canceled') return { kind: 'open', trouble: 'over' };
  if (status === 'requires_payment_method' && last) return { kind: 'open', trouble: troubleOf(last) };
  return otherwise ? { kind: 'open', trouble: otherwise } : { kind: 'open' };
}
