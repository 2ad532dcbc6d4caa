import type { PaymentIntent, Stripe, StripeError } from '@stripe/stripe-js';

/** What Stripe.js answers to one question. */
export type StripeAnswer = { paymentIntent: Partial<PaymentIntent> } | { error: Partial<StripeError> } | Error;

/** Stripe.js in a test's hands: it draws no form, and says what it is told to say. */
export class FakeStripe {
  /** How the payment stands when it is looked at. */
  intent: StripeAnswer = { paymentIntent: { status: 'requires_payment_method' } };
  /** What the next Pay comes to; the last one stays. */
  outcomes: StripeAnswer[] = [{ paymentIntent: { status: 'succeeded' } }];
  readonly confirmed: unknown[] = [];
  /** What the page asked its form to look like. */
  readonly elementsOptions: unknown[] = [];
  /** How many forms are on the page. */
  mounted = 0;
  formLoads = true;
  private held: Promise<void> | undefined;

  /** Holds Pay's answer back until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.held = new Promise<void>((resolve) => (release = resolve));
    return release;
  }

  /** The parts of Stripe.js that react-stripe-js and the page touch. */
  readonly stripe = {
    elements: (options: unknown) => {
      this.elementsOptions.push(options);
      return { create: () => this.element(), getElement: () => null, update: () => undefined };
    },
    createToken: () => undefined,
    createPaymentMethod: () => undefined,
    confirmCardPayment: () => undefined,
    retrievePaymentIntent: () => answer(this.intent),
    confirmPayment: async (request: unknown) => {
      this.confirmed.push(request);
      await this.held;
      const outcome = this.outcomes.length > 1 ? this.outcomes.shift() : this.outcomes[0];
      return answer(outcome ?? new Error('no outcome'));
    },
  } as unknown as Stripe;

  private element() {
    const listeners = new Map<string, (event: unknown) => void>();
    const field = Object.assign(document.createElement('input'), { ariaLabel: 'Card number' });
    return {
      on: (kind: string, listener: (event: unknown) => void) => {
        listeners.set(kind, listener);
        if (kind === (this.formLoads ? 'ready' : 'loaderror')) queueMicrotask(() => listeners.get(kind)?.({}));
      },
      off: (kind: string) => listeners.delete(kind),
      mount: (place: HTMLElement) => {
        this.mounted++;
        place.append(field);
      },
      update: () => undefined,
      destroy: () => {
        this.mounted--;
        field.remove();
      },
    };
  }
}

function answer(said: StripeAnswer): Promise<unknown> {
  return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
}
