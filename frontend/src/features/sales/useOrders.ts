import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ordersQuery, type OrderFilter } from '~/api/orders';

/** The sales that fit the filter, as one list that grows; the old list stays in sight while the new one is fetched. */
export function useOrders(filter: OrderFilter) {
  const query = useInfiniteQuery({ ...ordersQuery(filter), placeholderData: keepPreviousData });
  return {
    orders: query.data?.pages.flatMap((page) => page.orders),
    error: query.error,
    hasMore: query.hasNextPage,
    isFetchingMore: query.isFetchingNextPage,
    fetchMore: query.fetchNextPage,
    refetch: query.refetch,
  };
}
