import { useQuery } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { paymentQuery } from '~/api/payment';
import { ProblemCard } from '~/ui/ProblemCard';
import { CardPlace } from './CardPlace';
import type { OpenStripe } from './openStripe';
import { PayFrame } from './PayFrame';
import { pace, standingOf } from './standing';
import { StandingNote } from './StandingNote';
import type { Turn } from './turn';

interface PayPageProps {
  /** Id or code of the order. */
  order: string;
  openStripe: OpenStripe;
  turn: Turn;
  /** Where a bank's own page comes back to. */
  returnUrl: string;
}

/** One order and a place to type a card. Whether it is paid is the till's to say, and the till's alone. */
export function PayPage({ order, openStripe, turn, returnUrl }: PayPageProps) {
  const t = useTranslations('pay');
  const [taken, setTaken] = useState(false);
  const { data, error, refetch } = useQuery({
    ...paymentQuery(order),
    refetchInterval: ({ state }) => (state.error && !state.data ? false : pace(state.data?.state, taken)),
  });
  const turnState = useSyncExternalStore(turn.subscribe, turn.state);

  if (!data) {
    return (
      <PayFrame>
        {error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : <p role="status">{t('fetching')}</p>}
      </PayFrame>
    );
  }
  const standing = standingOf(data.state, taken, turnState);
  return (
    <PayFrame payment={data} isLost={error !== null} standing={standing}>
      {standing === 'card' ? (
        <CardPlace
          payment={data}
          openStripe={openStripe}
          returnUrl={returnUrl}
          onTaken={() => setTaken(true)}
          onAsked={() => void refetch()}
        />
      ) : (
        <StandingNote standing={standing} payment={data} onTake={turn.take} />
      )}
    </PayFrame>
  );
}
