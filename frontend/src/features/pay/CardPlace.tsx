import { Elements } from '@stripe/react-stripe-js';
import type { Stripe } from '@stripe/stripe-js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Payment } from '~/api/types';
import { appearanceOf } from './appearance';
import { CardForm } from './CardForm';
import type { OpenStripe } from './openStripe';
import { TroubleCard } from './TroubleCard';
import styles from './CardForm.module.css';

interface CardPlaceProps {
  payment: Payment;
  openStripe: OpenStripe;
  returnUrl: string;
  onTaken: () => void;
  onAsked: () => void;
}

/** Stripe's form, once Stripe.js is here; what to do when it does not come. */
export function CardPlace({ payment, openStripe, ...rest }: CardPlaceProps) {
  const t = useTranslations('pay');
  const { data: stripe, error, isFetching, refetch } = useQuery({
    queryKey: ['stripe.js', payment.publishableKey, payment.accountId, payment.standIn],
    queryFn: () => openStripe(payment),
    staleTime: Infinity,
    retry: false,
    structuralSharing: false,
  });
  if (stripe && payment.clientSecret) return <Place stripe={stripe} secret={payment.clientSecret} payment={payment} {...rest} />;
  if (error && !isFetching) {
    return <TroubleCard title={t('noStripe')} money={t('noStripeMoney')} action={t('again')} onAction={() => void refetch()} />;
  }
  return (
    <p role="status" className={styles.loading}>
      {t('loading')}
    </p>
  );
}

type PlaceProps = Omit<CardPlaceProps, 'openStripe'> & { stripe: Stripe; secret: string };

/** Stripe takes neither another secret nor another look half-way, so both are settled once. */
function Place({ stripe, secret, ...rest }: PlaceProps) {
  const [options] = useState(() => ({
    clientSecret: secret,
    locale: 'en' as const,
    appearance: appearanceOf(document.body),
  }));
  return (
    <Elements stripe={stripe} options={options}>
      <CardForm stripe={stripe} secret={options.clientSecret} {...rest} />
    </Elements>
  );
}
