import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Payment } from '~/api/types';
import { Button } from '~/ui/Button';
import { Icon, type IconName } from '~/ui/Icon';
import styles from './StandingNote.module.css';
import type { Standing } from './standing';

interface StandingNoteProps {
  standing: Exclude<Standing, 'card'>;
  payment: Payment;
  /** Types the card in this window after all. */
  onTake: () => void;
}

/** After this long a person begins to wonder. */
const slowAfter = 20_000;

const icons: Partial<Record<Standing, IconName>> = { paid: 'tick', taken: 'again', starting: 'again', processing: 'clock' };

/** How the order stands when no card may be typed: the tick when the till says Paid, and what else there is. */
export function StandingNote({ standing, payment, onTake }: StandingNoteProps) {
  const t = useTranslations('pay');
  const isSlow = useIsSlow(standing === 'taken');
  if (standing === 'waiting') return null;
  const words = {
    paid: ['tick', 'tickMoney'],
    taken: ['taken', 'takenMoney'],
    elsewhere: ['elsewhere', 'elsewhereMoney'],
  } as const;
  const [title, money] =
    standing === 'paid' || standing === 'taken' || standing === 'elsewhere'
      ? [t(words[standing][0]), t(words[standing][1])]
      : [t(`standing.${standing}.title`), t(`standing.${standing}.money`)];
  return (
    <section className={styles.note} data-standing={standing} aria-live="polite" key={payment.orderCode}>
      <span className={styles.mark}>
        <Icon name={icons[standing] ?? 'hand'} size={standing === 'paid' ? 96 : 48} />
      </span>
      <h2>{title}</h2>
      <p>{money}</p>
      {isSlow && <p className={styles.slow}>{t('slow')}</p>}
      {standing === 'elsewhere' && (
        <Button look="primary" onPress={onTake}>
          {t('here')}
        </Button>
      )}
    </section>
  );
}

function useIsSlow(waits: boolean): boolean {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setIsSlow(true), slowAfter);
    return () => clearTimeout(timer);
  }, [waits]);
  return waits && isSlow;
}
