import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { connectionQuery } from '~/api/connection';
import { statusQuery } from '~/api/status';
import type { Status } from '~/api/types';
import styles from './ModeBand.module.css';

/** The stripe across every screen: which book is open, and whether its money is real. */
export function ModeBand({ drills }: { drills: ReactNode }) {
  const { data } = useQuery(statusQuery);
  return (
    <div className={styles.band} data-book={data?.book}>
      {drills}
      {data && (data.book === 'live' ? <Live status={data} /> : <Play book={data.book} />)}
    </div>
  );
}

function Play({ book }: { book: 'training' | 'test' }) {
  const t = useTranslations('mode');
  return (
    <p>
      <strong>{t(book)}</strong>
      <span aria-hidden="true" className={styles.dash} />
      <span>{t(`${book}Money`)}</span>
    </p>
  );
}

function Live({ status }: { status: Status }) {
  const t = useTranslations('mode');
  const { data } = useQuery(connectionQuery);
  const account = data?.accountName ?? status.accountId;
  return (
    <p>
      <strong>{t('live')}</strong>
      <span aria-hidden="true" className={styles.dash} />
      <bdi className={styles.account}>{account ?? t('liveNoAccount')}</bdi>
    </p>
  );
}
