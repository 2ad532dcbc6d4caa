import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { useIsNarrow } from '~/ui/useIsNarrow';
import { useNow } from '~/ui/useNow';
import styles from './OrderList.module.css';
import { OrderRow } from './OrderRow';

interface OrderListProps {
  orders: readonly Order[];
  hasMore: boolean;
  isFetchingMore: boolean;
  fetchMore: () => unknown;
}

/** Fetch the next page when this many rows are left below. */
const ahead = 15;

/** The list, of which only the rows in sight are drawn; more are fetched before its end is reached. */
export function OrderList({ orders, hasMore, isFetchingMore, fetchMore }: OrderListProps) {
  const t = useTranslations('sales');
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useIsNarrow() ? 92 : 68;
  const now = useNow(60_000);
  const rows = useVirtualizer({
    count: orders.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => orders[index]?.id ?? index,
    overscan: 8,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => rows.measure(), [rows, rowHeight]);
  useEffect(() => {
    if (hasMore && !isFetchingMore && last >= orders.length - ahead) void fetchMore();
  }, [hasMore, isFetchingMore, last, orders.length, fetchMore]);

  return (
    <div ref={scroller} className={styles.scroller} tabIndex={-1}>
      <ul aria-label={t('list')} className={styles.list} style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const order = orders[row.index];
          return (
            order && (
              <li
                key={row.key}
                aria-setsize={hasMore ? -1 : orders.length}
                aria-posinset={row.index + 1}
                className={styles.row}
                style={{ height: row.size, transform: `translateY(${row.start}px)` }}
              >
                <OrderRow order={order} now={now} />
              </li>
            )
          );
        })}
      </ul>
      {isFetchingMore && <p className={styles.more}>{t('loadingMore')}</p>}
    </div>
  );
}
