import type { Stripe, StripeElements } from '@stripe/stripe-js';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { charge, find, look, type Verdict } from './charge';
import type { Trouble } from './trouble';

interface Charge {
  stripe: Stripe;
  elements: StripeElements | null;
  secret: string;
  returnUrl: string;
  onTaken: () => void;
  onAsked: () => void;
}

/** `finding` how the payment stands, `typing` the card, `asking` Stripe. */
export type Step = 'finding' | 'typing' | 'asking';

/** One payment from the first look to Stripe's word; only one question is under way at a time. */
export function useCharge({ stripe, elements, secret, returnUrl, onTaken, onAsked }: Charge) {
  const [step, setStep] = useState<Step>('finding');
  const [trouble, setTrouble] = useState<Trouble>();
  const isBusy = useRef(false);

  const settle = (verdict: Verdict) => {
    if (verdict.kind === 'taken') onTaken();
    setTrouble(verdict.kind === 'open' ? verdict.trouble : undefined);
    setStep('typing');
  };
  const found = useEffectEvent(settle);
  useEffect(() => {
    let isShown = true;
    void find(stripe, secret).then((verdict) => isShown && found(verdict));
    return () => {
      isShown = false;
    };
  }, [stripe, secret]);

  const ask = async (question: () => Promise<Verdict>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setStep('asking');
    setTrouble(undefined);
    const verdict = await question();
    isBusy.current = false;
    settle(verdict);
    onAsked();
  };
  return {
    step,
    trouble,
    pay: () => {
      if (elements) void ask(() => charge(stripe, elements, secret, returnUrl));
    },
    lookAgain: () => void ask(() => look(stripe, secret)),
  };
}
