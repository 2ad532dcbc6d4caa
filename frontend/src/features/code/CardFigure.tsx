import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { openCardPage } from '~/api/payment';
import type { Order } from '~/api/types';
import { situation } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import styles from './CardFigure.module.css';
import { useSituationWords } from './useSituationWords';

/** Where a code would be: the way to the page on which the card is typed, and what happens when it is not its time. */
export function CardFigure({ order }: { order: Order }) {
  const t = useTranslations('card');
  const keys = useTranslations('keys');
  const words = useSituationWords();
  const state = situation(order);
  const [blocked, setBlocked] = useState<string>();
  const open = useMutation({
    mutationFn: () => openCardPage(order.id),
    onSuccess: ({ url, opened }) => setBlocked(opened || show(url, order.id) ? undefined : url),
  });
  const isWaiting = state === 'waiting';
  const press = () => {
    if (!open.isPending) open.mutate();
  };
  useShortcuts({ Enter: isWaiting ? press : undefined });
  if (!isWaiting) {
    return (
      <div className={styles.card} data-state={state}>
        <p className={styles.instead}>
          <Icon name={state === 'processing' ? 'clock' : 'again'} size={56} />
          {words(order).says}
        </p>
      </div>
    );
  }
  return (
    <div className={styles.card} data-state={state}>
      <Icon name="card" size={72} />
      <p className={styles.lead}>{t('lead')}</p>
      {open.error && <ProblemCard error={open.error} onRemedy={press} onClose={open.reset} />}
      <Button
        look={open.isSuccess && !blocked ? 'plain' : 'primary'}
        keyHint={keys('enter')}
        aria-keyshortcuts="Enter"
        isBusy={open.isPending}
        onPress={press}
      >
        {t(open.isPending ? 'opening' : open.isSuccess ? 'openAgain' : 'open')}
      </Button>
      <div aria-live="polite" className={styles.after}>
        {open.isSuccess && !blocked && <p className={styles.opened}>{t('opened')}</p>}
        {blocked && (
          <>
            <p>{t('blocked')}</p>
            <code className={styles.address}>{blocked}</code>
          </>
        )}
      </div>
      <p className={styles.certificate}>{t('certificate')}</p>
    </div>
  );
}

/** Opens the page in a window of the order's own, so that a second tap finds the first window again; false when a browser forbids it. */
function show(url: string, id: string): boolean {
  return window.open(url, `willcall-card-${id}`) !== null;
}
