import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lateCountQuery, lateQuery, type LateState } from '~/api/late';

/** A part of the desk as one list that grows, with the questions that are open. */
export function useLate(state: LateState) {
  const query = useInfiniteQuery(lateQuery(state));
  return {
    items: query.data?.pages.flatMap((page) => page.items),
    questions: query.data?.pages[0]?.questions ?? [],
    error: query.error,
    hasMore: query.hasNextPage,
    isFetchingMore: query.isFetchingNextPage,
    fetchMore: query.fetchNextPage,
    refetch: query.refetch,
  };
}

/** How much waits for somebody: money without a seat, and refunds of which nobody knows the tickets. */
export function useWaiting(): number {
  return useQuery(lateCountQuery).data ?? 0;
}
