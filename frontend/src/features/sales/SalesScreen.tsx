import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderFilter } from '~/api/orders';
import { postersQuery } from '~/api/posters';
import { Button } from '~/ui/Button';
import { Choice } from '~/ui/Choice';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { TextField } from '~/ui/TextField';
import { OrderList } from './OrderList';
import styles from './SalesScreen.module.css';
import { useOrders } from './useOrders';

const PosterFilter = lazy(() => import('./PosterFilter'));

const choices = ['all', 'paid', 'awaiting_payment', 'refunded', 'canceled', 'expired', 'failed'] as const;

/** What is looked for; the app keeps it, so that a look at one order does not lose it. */
export interface SalesScreenProps {
  filter: OrderFilter;
  onFilter: (filter: OrderFilter) => void;
  onSell: () => void;
}

/** Every sale, newest first; found by code, name, e-mail or the card's last four digits. */
export function SalesScreen({ filter, onFilter, onSell }: SalesScreenProps) {
  const t = useTranslations('sales');
  const search = useRef<HTMLInputElement>(null);
  const [q, setQ] = useState(filter.q);
  const posters = useQuery(postersQuery).data?.posters ?? [];
  const sought = useDeferredValue(filter);
  const { orders, error, refetch, ...more } = useOrders({ ...sought, q: sought.q.trim() });
  const isNarrowed = filter.q.trim() !== '' || filter.status !== '' || (filter.poster ?? '') !== '';
  useShortcuts({ '/': () => search.current?.focus() });

  return (
    <div className={styles.sales}>
      <header className={styles.head}>
        <h1>{t('title')}</h1>
        <TextField
          label={t('search')}
          hint={t('searchHint')}
          type="search"
          inputRef={search}
          autoComplete="off"
          value={q}
          onChange={(text) => {
            setQ(text);
            onFilter({ ...filter, q: text });
          }}
        />
        <div className={styles.narrowed}>
          <Choice
            label={t('status')}
            value={filter.status || ('all' as const)}
            onChange={(id) => onFilter({ ...filter, status: id === 'all' ? '' : id })}
            options={choices.map((id) => ({ id, label: t(id) }))}
          />
          {posters.length > 0 && (
            <Suspense>
              <PosterFilter posters={posters} value={filter.poster ?? ''} onChange={(poster) => onFilter({ ...filter, poster })} />
            </Suspense>
          )}
        </div>
      </header>
      {error && <ProblemCard error={error} onRemedy={() => void refetch()} />}
      {orders && orders.length > 0 && <OrderList orders={orders} {...more} />}
      {orders?.length === 0 && (
        <Empty
          action={
            isNarrowed ? (
              <Button
                onPress={() => {
                  setQ('');
                  onFilter({ q: '', status: '' });
                }}
              >
                {t('clearSearch')}
              </Button>
            ) : (
              <Button look="primary" icon="ticket" onPress={onSell}>
                {t('noneAction')}
              </Button>
            )
          }
        >
          {t(isNarrowed ? 'noneFound' : 'none')}
        </Empty>
      )}
    </div>
  );
}
