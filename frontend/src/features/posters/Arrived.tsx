import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ordersQuery } from '~/api/orders';
import type { Poster } from '~/api/types';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { TextField } from '~/ui/TextField';
import { useNow } from '~/ui/useNow';
import styles from './Arrived.module.css';
import { ArrivedRow } from './ArrivedRow';

/** The sales that began at the poster, newest first and live: the desk finds the buyer who stands before it. */
export function Arrived({ poster }: { poster: Poster }) {
  const t = useTranslations('posters.arrived');
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const now = useNow(60_000);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...ordersQuery({ q, status: '', poster: poster.id }),
    placeholderData: keepPreviousData,
  });
  const orders = data?.pages.flatMap((page) => page.orders);
  return (
    <section className={styles.arrived} aria-labelledby="arrived">
      <h2 id="arrived">{t('title')}</h2>
      <TextField label={t('search')} hint={t('searchHint')} type="search" autoComplete="off" value={text} onChange={setText} />
      {error && !orders && <ProblemCard error={error} onRemedy={() => void refetch()} />}
      {orders?.length === 0 && <p className={styles.none}>{t(q === '' ? 'none' : 'noneFound')}</p>}
      {orders && orders.length > 0 && (
        <ul className={styles.list} aria-label={t('list')}>
          {orders.map((order) => (
            <li key={order.id}>
              <ArrivedRow order={order} now={now} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button isBusy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </section>
  );
}
