import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { orderQuery } from '~/api/orders';
import type { Order } from '~/api/types';
import { lineOf } from '~/domain/lineOf';
import { situation } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { SituationMark } from '~/ui/SituationMark';
import { TicketCard } from '~/ui/TicketCard';
import { Timeline } from '~/ui/Timeline';
import { MoneyFacts } from './MoneyFacts';
import { OrderFacts } from './OrderFacts';
import styles from './OrderScreen.module.css';
import { RefundDialog } from './RefundDialog';
import { meaningOf } from './refunding';

interface OrderScreenProps {
  /** Id or code. */
  id: string;
  /** What can be done about the order as it stands. */
  actions: (order: Order) => ReactNode;
  onBack: () => void;
}

/** An order's whole story. */
export function OrderScreen({ id, actions, onBack }: OrderScreenProps) {
  const t = useTranslations('order');
  const order = useQuery(orderQuery(id));
  const queries = useQueryClient();
  useShortcuts({ Escape: onBack });
  return (
    <div className={styles.screen}>
      <Link href="/sales" className={styles.back}>
        <Icon name="back" />
        {t('back')}
      </Link>
      {order.data && <Story order={order.data} actions={actions(order.data)} />}
      {order.error && !order.data && (
        <ProblemCard error={order.error} onRemedy={() => void queries.refetchQueries()} onClose={onBack} />
      )}
    </div>
  );
}

function Story({ order, actions }: { order: Order; actions: ReactNode }) {
  const t = useTranslations();
  const [refunds, setRefunds] = useState(false);
  const state = situation(order);
  const meaning = meaningOf(order);
  const canRefund = order.refundable > 0;
  const hasActions = Boolean(actions) || canRefund;
  return (
    <article className={styles.story}>
      <header className={styles.head}>
        <div className={styles.name}>
          <h1>
            <span className="visually-hidden">{t('code.order')}</span> {order.code}
          </h1>
          <SituationMark situation={state} />
        </div>
        <p className={styles.amount}>
          <Price amount={order.total} />
        </p>
        <p className={styles.money}>{meaning ? t(`money.${meaning}`) : t(`situations.${state}.money`)}</p>
        {hasActions && (
          <div className={styles.actions}>
            {actions}
            {canRefund && (
              <Button icon="return" onPress={() => setRefunds(true)}>
                {t('order.refund')}
              </Button>
            )}
          </div>
        )}
      </header>
      <div className={styles.facts}>
        <MoneyFacts order={order} />
        <OrderFacts order={order} />
      </div>
      <div className={styles.beside}>
      <section aria-labelledby="timeline">
        <h2 id="timeline">{t('order.timeline')}</h2>
        <Timeline entries={order.timeline ?? []} />
      </section>
      {order.tickets.length > 0 && (
        <section className={styles.tickets} aria-labelledby="tickets">
          <h2 id="tickets">{t('order.tickets')}</h2>
          <ul>
            {order.tickets.map((ticket) => (
              <li key={ticket.id}>
                <TicketCard ticket={ticket} item={lineOf(order, ticket)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      </div>
      {refunds && <RefundDialog order={order} onClose={() => setRefunds(false)} />}
    </article>
  );
}
