import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { Payment } from './types';

/** What the page needs on which an order's card is typed; `order` is its id or code. */
export const paymentQuery = (order: string) =>
  queryOptions({
    queryKey: ['payment', order],
    queryFn: ({ signal }): Promise<Payment> =>
      answered(client.GET('/api/orders/{order}/payment', { params: { path: { order } }, signal })),
  });

/** Has the system's browser show the page on which the card is typed; says where it is if that was not possible. */
export function openCardPage(order: string): Promise<{ url: string; opened: boolean }> {
  return answered(client.POST('/api/orders/{order}/page', { params: { path: { order } } }));
}
