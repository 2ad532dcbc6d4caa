import { PaymentElement, useElements } from '@stripe/react-stripe-js';
import type { Stripe, StripePaymentElementOptions } from '@stripe/stripe-js';
import { useState, type SubmitEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { Payment } from '~/api/types';
import { Button } from '~/ui/Button';
import { usePrice } from '~/ui/Price';
import styles from './CardForm.module.css';
import { TroubleCard } from './TroubleCard';
import { useCharge } from './useCharge';

interface CardFormProps {
  stripe: Stripe;
  secret: string;
  payment: Payment;
  returnUrl: string;
  /** Stripe.js says that Stripe has it. */
  onTaken: () => void;
  /** Stripe has been asked; the till may know more now. */
  onAsked: () => void;
}

/** A card is typed here and nothing is kept: no wallets, no Link, nobody's card on a till that everybody uses. */
const form: StripePaymentElementOptions = {
  layout: 'tabs',
  wallets: { applePay: 'never', googlePay: 'never', link: 'never' },
  terms: { card: 'never' },
};

/** The card, and Pay. Pay asks once however often it is tapped. */
export function CardForm({ stripe, secret, payment, returnUrl, onTaken, onAsked }: CardFormProps) {
  const t = useTranslations('pay');
  const price = usePrice();
  const elements = useElements();
  const [isReady, setReady] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const { trouble, step, pay, lookAgain } = useCharge({ stripe, elements, secret, returnUrl, onTaken, onAsked });
  const mayPay = isReady && step === 'typing' && trouble !== 'unknown' && trouble !== 'over';

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (mayPay) pay();
  };
  if (isBroken) return <TroubleCard title={t('noStripe')} money={t('noStripeMoney')} action={t('again')} onAction={() => setBroken(false)} />;
  return (
    <form className={styles.form} onSubmit={submit}>
      {payment.mode === 'training' && <p className={styles.hint}>{t('trainingCard')}</p>}
      {trouble && (
        <TroubleCard
          title={t(`trouble.${trouble}.title`)}
          money={t(`trouble.${trouble}.money`)}
          {...(trouble === 'unknown' ? { action: t('look'), onAction: lookAgain } : {})}
        />
      )}
      <PaymentElement
        className={styles.element ?? ''}
        options={form}
        onReady={() => setReady(true)}
        onLoadError={() => setBroken(true)}
      />
      <Button type="submit" look="primary" wide isDisabled={!mayPay && step !== 'asking'} isBusy={step === 'asking'}>
        {step === 'asking' ? t('paying') : t('pay', { amount: price(payment.amount) })}
      </Button>
      <p className={styles.foot} aria-live="polite">
        {step === 'asking' ? t('payingHint') : t('safe')}
      </p>
    </form>
  );
}
