import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { lineOf } from '~/domain/lineOf';
import { lastTender } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { cardName } from '~/domain/card';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import { useShortcuts } from '~/ui/shortcuts';
import { TicketCard } from '~/ui/TicketCard';
import styles from './PaidView.module.css';

interface PaidViewProps {
  order: Order;
  onNext: () => void;
  onStory: () => void;
}

/** Stripe has said so: the tick over the whole screen, and the tickets with their codes. */
export function PaidView({ order, onNext, onStory }: PaidViewProps) {
  const t = useTranslations();
  const card = lastTender(order)?.card;
  useShortcuts({ Enter: onNext, n: onNext, Escape: onNext });
  return (
    <section className={styles.paid} aria-labelledby="paid-title">
      <header className={styles.head}>
        <span className={styles.tick}>
          <Icon name="tick" size={120} />
        </span>
        <h1 id="paid-title">{t('code.paid')}</h1>
        <p className={styles.amount}>
          <Price amount={order.total} />
        </p>
        <p className={styles.code}>
          {t('code.order')} <strong>{order.code}</strong>
        </p>
        {card && <p>{t('code.paidWith', { brand: cardName(card.brand), last4: card.last4 })}</p>}
        <div className={styles.actions}>
          <Button icon="forward" wide keyHint={t('keys.enter')} aria-keyshortcuts="Enter N" onPress={onNext}>
            {t('code.next')}
          </Button>
          <Button look="quiet" icon="list" onPress={onStory}>
            {t('code.story')}
          </Button>
        </div>
      </header>
      <div className={styles.tickets} tabIndex={0} role="group" aria-label={t('code.tickets', { count: order.tickets.length })}>
        <h2>{t('code.tickets', { count: order.tickets.length })}</h2>
        <ul>
          {order.tickets.map((ticket) => (
            <li key={ticket.id}>
              <TicketCard ticket={ticket} item={lineOf(order, ticket)} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
