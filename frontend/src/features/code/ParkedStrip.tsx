import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { countdown, secondsLeft } from '~/domain/time';
import { callOf, lastTender, situation } from '~/domain/situation';
import { Price } from '~/ui/Price';
import { useShortcuts } from '~/ui/shortcuts';
import { SituationMark } from '~/ui/SituationMark';
import { useNow } from '~/ui/useNow';
import { held, parkedOrders } from './parked';
import { useParked } from './ParkedProvider';
import styles from './ParkedStrip.module.css';

interface ParkedStripProps {
  /** Id or code of the order whose code is on the screen; it does not wait here as well. */
  onScreen: string | undefined;
  onOpen: (order: Order) => void;
}

/** The codes that wait while others are served. Its height never changes, and nothing moves under a pointer. */
export function ParkedStrip({ onScreen, onOpen }: ParkedStripProps) {
  const t = useTranslations('parked');
  const { orders } = useParked();
  const [holding, setHolding] = useState<readonly string[] | null>(null);
  const sorted = parkedOrders(orders, onScreen);
  const shown = holding ? held(sorted, holding) : sorted;
  const now = useNow(shown.length > 0 ? 1000 : 0);
  const [first] = shown;
  useShortcuts({ o: first && (() => onOpen(first)) });

  return (
    <section
      className={styles.strip}
      aria-label={t('title')}
      onPointerEnter={() => setHolding(shown.map(({ id }) => id))}
      onPointerLeave={() => setHolding(null)}
    >
      {shown.length === 0 && <p className={styles.none}>{t('none')}</p>}
      <ul className={styles.chips}>
        {shown.map((order) => (
          <li key={order.id}>
            <Chip order={order} now={now} onOpen={() => onOpen(order)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Chip({ order, now, onOpen }: { order: Order; now: number; onOpen: () => void }) {
  const t = useTranslations();
  const state = situation(order);
  const expiresAt = lastTender(order)?.expiresAt;
  return (
    <Button className={styles.chip ?? ''} data-call={callOf(order)} onPress={onOpen}>
      <span className={styles.code}>
        <span className="visually-hidden">{t('code.order')}</span> {order.code}
      </span>
      <span className={styles.amount}>
        <Price amount={order.total} />
      </span>
      <SituationMark situation={state} />
      <span className={styles.time} aria-hidden="true">
        {state === 'waiting' && expiresAt ? countdown(secondsLeft(expiresAt, now)) : ''}
      </span>
    </Button>
  );
}
