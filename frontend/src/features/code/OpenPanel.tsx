import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { lastTender, situation } from '~/domain/situation';
import { countdown, secondsLeft } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Price } from '~/ui/Price';
import { useShortcuts } from '~/ui/shortcuts';
import { SituationMark } from '~/ui/SituationMark';
import { useNow } from '~/ui/useNow';
import { CheckAndCancel } from './CheckAndCancel';
import styles from './OpenPanel.module.css';
import { useSituationWords } from './useSituationWords';

/** What the code is for, how it stands, and what can be done: the next customer, asking Stripe, cancelling. */
export function OpenPanel({ order, onPark }: { order: Order; onPark: () => void }) {
  const t = useTranslations();
  const state = situation(order);
  const { says, money } = useSituationWords()(order);
  useShortcuts({ Escape: onPark, n: onPark });
  return (
    <section className={styles.panel} aria-labelledby="code-title">
      <div className={styles.figures}>
        <h2 id="code-title" className={styles.code}>
          <span>{t('code.order')}</span> {order.code}
        </h2>
        <p className={styles.amount}>
          <Price amount={order.total} />
        </p>
        <p className={styles.lines}>
          {order.lineItems.map((item) => t('order.line', { quantity: item.quantity, name: item.name })).join(', ')}
        </p>
        <TimeLeft order={order} />
      </div>
      <div className={styles.standing} data-state={state} aria-live="polite">
        <SituationMark situation={state} />
        <p className={styles.says}>{says}</p>
        <p>{money}</p>
      </div>
      <div className={styles.actions}>
        <Button look="primary" icon="forward" wide keyHint={t('keys.escape')} aria-keyshortcuts="Escape N" onPress={onPark}>
          {t('code.park')}
        </Button>
        <CheckAndCancel order={order} />
      </div>
    </section>
  );
}

function TimeLeft({ order }: { order: Order }) {
  const t = useTranslations('code');
  const expiresAt = lastTender(order)?.expiresAt;
  const now = useNow(expiresAt ? 1000 : 0);
  const seconds = expiresAt && situation(order) === 'waiting' ? secondsLeft(expiresAt, now) : undefined;
  return (
    <p className={styles.time}>
      {seconds !== undefined && (
        <>
          <span>{seconds > 0 ? t('timeLeft') : t('timeUp')}</span>
          <strong role="timer">{countdown(seconds)}</strong>
        </>
      )}
    </p>
  );
}
