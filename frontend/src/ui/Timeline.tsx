import { useLocale, useTranslations } from 'use-intl';
import type { Dispute, LateMoney, Moment, Refund, Resolution } from '~/api/types';
import { moment } from '~/domain/time';
import type { Messages } from '~/messages/en';
import { Price } from './Price';
import styles from './Timeline.module.css';
import { useNow } from './useNow';

/** What happened to an order or to money without a seat, entry by entry as the book has it. */
export function Timeline({ entries }: { entries: readonly Moment[] }) {
  const locale = useLocale();
  const now = useNow(60_000);
  const wordsOf = useMomentWords();
  return (
    <ol className={styles.timeline}>
      {entries.map((entry) => {
        const { title, details } = wordsOf(entry);
        return (
          <li key={`${entry.number} ${entry.kind}`} data-kind={entry.kind} data-status={entry.status}>
            <time dateTime={entry.at}>{moment(entry.at, now, locale, true)}</time>
            <span>
              <strong>{title}</strong>
              {entry.amount && (
                <span className={styles.amount}>
                  <Price amount={entry.amount} />
                </span>
              )}
              {details.map((detail) => (
                <span key={detail} className={styles.detail}>
                  {detail}
                </span>
              ))}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Writes an entry: what happened, and under it who said so, how far it is and what Stripe or the bank said. */
function useMomentWords(): (entry: Moment) => { title: string; details: string[] } {
  const t = useTranslations();
  return (entry) => {
    const { kind, by, note, detail, status, tickets = 0, external } = entry;
    const title = t(`order.kind.${kind.replaceAll('.', '_') as keyof Messages['order']['kind']}`);
    const name = by && t('order.by', { name: by });
    const of = tickets > 0 && t('money.forTickets', { count: tickets });
    const written = (...details: (string | false | undefined)[]) => details.filter((text) => typeof text === 'string' && text !== '') as string[];
    switch (kind) {
      case 'discrepancy.found':
        return { title, details: written(detail && t(`late.reason.${detail as LateMoney['reason']}.title`)) };
      case 'discrepancy.resolved':
        return { title: t(`late.settled.${detail as Resolution['action'] | 'noted'}`, { name: by ?? '' }), details: written(note) };
      case 'refund.recorded':
        return {
          title: t(`order.refundNow.${status as Refund['status']}`),
          details: written(external && t('money.external'), detail && t('money.why', { reason: detail.replaceAll('_', ' ') })),
        };
      case 'dispute.recorded':
        return {
          title,
          details: written(t(`money.disputeStatus.${status as Dispute['status']}`), detail && t('money.reason', { reason: detail.replaceAll('_', ' ') })),
        };
      default:
        return { title, details: written(name, of, note, detail) };
    }
  };
}
