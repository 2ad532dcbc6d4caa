import { useLocale, useTranslations } from 'use-intl';
import type { Moment } from '~/api/types';
import type { Messages } from '~/messages/en';
import { moment } from '~/domain/time';
import { Price } from '~/ui/Price';
import { useNow } from '~/ui/useNow';
import styles from './Timeline.module.css';

/** What happened to an order, entry by entry as the book has it. */
export function Timeline({ entries }: { entries: readonly Moment[] }) {
  const t = useTranslations('order.kind');
  const locale = useLocale();
  const now = useNow(60_000);
  return (
    <ol className={styles.timeline}>
      {entries.map((entry) => {
        const kind = entry.kind.replaceAll('.', '_') as keyof Messages['order']['kind'];
        return (
          <li key={entry.number} data-kind={kind}>
            <time dateTime={entry.at}>{moment(entry.at, now, locale, true)}</time>
            <span>
              <strong>{t(kind)}</strong>
              {entry.amount && (
                <span className={styles.amount}>
                  <Price amount={entry.amount} />
                </span>
              )}
              {entry.detail && <span className={styles.detail}>{entry.detail}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
