import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { statusQuery } from '~/api/status';
import { useConnection } from '~/live/LiveProvider';
import { useAnnounce } from '~/ui/announcer';
import styles from './StripeLamp.module.css';
import { useKeepingUp } from './useKeepingUp';

const words = {
  ok: 'stripeOk',
  unknown: 'stripeUnknown',
  down: 'stripeDown',
  lost: 'offline',
  opening: 'opening',
} as const;

/**
 * Are we online, in one glance: a disc, a ring, a triangle or a square, its word and its colour; under it, how far the book
 * has heard from Stripe. One line stands where two do, so that nothing shifts. Tells more when pressed.
 */
export function StripeLamp({ onPress }: { onPress: () => void }) {
  const t = useTranslations('till');
  const announce = useAnnounce();
  const { connection } = useConnection();
  const { data } = useQuery(statusQuery);
  const keepingUp = useKeepingUp();
  const state = connection === 'lost' ? 'lost' : (data?.stripe.state ?? 'opening');
  useEffect(() => {
    if (state === 'down' || state === 'lost') announce(t(words[state]), true);
  }, [state, announce, t]);
  return (
    <Button className={styles.lamp ?? ''} data-state={state} onPress={onPress}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        {state === 'ok' && <circle cx="9" cy="9" r="7" fill="currentColor" />}
        {(state === 'unknown' || state === 'opening') && (
          <circle cx="9" cy="9" r="6" fill="none" stroke="currentColor" strokeWidth="3" />
        )}
        {state === 'down' && <path d="M9 1.5 17 16.5H1z" fill="currentColor" />}
        {state === 'lost' && <path d="M2 2h14v14H2z" fill="currentColor" />}
      </svg>
      <span className={styles.words}>
        <span>{t(words[state])}</span>
        <span className={styles.keepingUp}>{state === 'lost' ? '' : keepingUp}</span>
      </span>
    </Button>
  );
}
