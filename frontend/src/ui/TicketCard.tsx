import { useTranslations, useLocale } from 'use-intl';
import { ticketCodeUrl } from '~/api/orders';
import type { LineItem, Ticket } from '~/api/types';
import { showTime } from '~/domain/time';
import { Icon } from './Icon';
import { QrImage } from './QrImage';
import styles from './TicketCard.module.css';

/** One admission with its own code, as the buyer will hold it. */
export function TicketCard({ ticket, item }: { ticket: Ticket; item: LineItem | undefined }) {
  const t = useTranslations('ticket');
  const locale = useLocale();
  const which = { number: ticket.number, of: ticket.of };
  return (
    <article className={`perforated ${styles.ticket}`} data-ticket={ticket.id} data-void={ticket.void ? true : undefined}>
      <div className={styles.words}>
        <p className={styles.admit}>{t(ticket.void ? 'void' : 'admit')}</p>
        <h3>{ticket.name}</h3>
        {item && (
          <p className={styles.show}>
            <strong>{item.eventName}</strong>
            <span>{showTime(item.startsAt, item.timeZone, locale)}</span>
            <span>{item.place}</span>
          </p>
        )}
        <p className={styles.number}>{t('number', which)}</p>
      </div>
      <div className={styles.code}>
        {ticket.void ? <Icon name="cross" size={72} /> : <QrImage src={ticketCodeUrl(ticket.id)} alt={t('qr', which)} />}
      </div>
    </article>
  );
}
