import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { isTyped } from '~/domain/situation';
import { Tabs } from '~/ui/Tabs';
import { useIsNarrow } from '~/ui/useIsNarrow';
import { CardFigure } from './CardFigure';
import { CodeFigure } from './CodeFigure';
import { OpenPanel } from './OpenPanel';
import styles from './OpenView.module.css';

interface OpenViewProps {
  order: Order;
  /** The buyer's phone, or nothing outside training. */
  phone: ReactNode;
  onPark: () => void;
}

/** A code that waits, or a card to be typed: the code itself as large as it can be, what it is for, and what can be done about it. */
export function OpenView({ order, phone, onPark }: OpenViewProps) {
  const t = useTranslations('code');
  const card = useTranslations('card');
  const isNarrow = useIsNarrow();
  const title = (
    <h1 className="visually-hidden">
      {isTyped(order) ? card('title') : t('title')} {order.code}
    </h1>
  );
  const till = (
    <div className={styles.till}>
      <OpenPanel order={order} onPark={onPark} />
      {isTyped(order) ? <CardFigure order={order} /> : <CodeFigure order={order} />}
    </div>
  );
  if (phone && isNarrow) {
    return (
      <div className={styles.narrow}>
        {title}
        <Tabs
          label={t('title')}
          tabs={[
            { id: 'till', label: t('codeTab'), content: till },
            { id: 'phone', label: t('phoneTab'), content: phone },
          ]}
        />
      </div>
    );
  }
  return (
    <div className={styles.open} data-phone={phone ? true : undefined}>
      {title}
      {till}
      {phone}
    </div>
  );
}
