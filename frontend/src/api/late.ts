import { infiniteQueryOptions, queryOptions, type QueryKey } from '@tanstack/react-query';
import { answered, client } from './client';
import type { LateMoney, SeatLine } from './types';

/** Which part of the desk: what waits for somebody, what is settled, what other programs of the account sold. */
export type LateState = 'waiting' | 'done' | 'elsewhere';

/** Who decides, and why. */
interface Decision {
  by: string;
  note: string;
  /** What was left of the money when they saw it, in minor units. */
  left?: number;
}

const pageSize = 50;

/** All that the desk shows. */
export const lateKey: QueryKey = ['late'];

/** Money without a seat, oldest first, a page at a time. */
export const lateQuery = (state: LateState) =>
  infiniteQueryOptions({
    queryKey: [...lateKey, 'list', state],
    queryFn: ({ signal, pageParam }) =>
      answered(
        client.GET('/api/late-money', {
          params: { query: { state, limit: pageSize, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

/** How many wait, and how many questions are open. */
export const lateCountQuery = queryOptions({
  queryKey: [...lateKey, 'count'],
  queryFn: async ({ signal }) => {
    const { waiting, questions } = await answered(
      client.GET('/api/late-money', { params: { query: { state: 'waiting', limit: 1 } }, signal }),
    );
    return waiting + questions.length;
  },
});

/** Gives seats for the money; no lines are the seats that it was for. The same key again gives the same seats. */
export function seatLate(id: string, key: string, body: Decision & { lines: SeatLine[] }): Promise<LateMoney> {
  return answered(client.POST('/api/late-money/{id}/seat', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body }));
}

/** Asks Stripe to give back what is left of the money. */
export function refundLate(id: string, key: string, body: Decision): Promise<LateMoney> {
  return answered(client.POST('/api/late-money/{id}/refund', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body }));
}

/** Keeps the money, as a donation or as settled in another way. */
export function keepLate(id: string, key: string, body: Decision): Promise<LateMoney> {
  return answered(client.POST('/api/late-money/{id}/keep', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body }));
}
