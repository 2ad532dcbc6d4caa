import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { Order, OrderRequest, RefundRequest, VoidRequest } from './types';

/** What the list of sales is narrowed to; empty strings narrow nothing. */
export interface OrderFilter {
  /** Code, name, e-mail, or the card's last four digits. */
  q: string;
  status: Order['status'] | '';
  /** Id of the poster that they began at. */
  poster?: string;
}

const pageSize = 50;

/** One order with its timeline; `id` may be the id or the code. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['orders', 'one', id],
    queryFn: ({ signal }) => answered(client.GET('/api/orders/{order}', { params: { path: { order: id } }, signal })),
  });

/** The orders that wait for money: what the strip of parked codes shows. */
export const openOrdersQuery = queryOptions({
  queryKey: ['orders', 'open'],
  queryFn: ({ signal }) =>
    answered(client.GET('/api/orders', { params: { query: { status: 'awaiting_payment', limit: 100 } }, signal })),
});

/** The sales, newest first, a page at a time. */
export const ordersQuery = ({ q, status, poster }: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', 'list', { q, status, poster }],
    queryFn: ({ signal, pageParam }) =>
      answered(
        client.GET('/api/orders', {
          params: {
            query: {
              limit: pageSize,
              ...(q ? { q } : {}),
              ...(status ? { status } : {}),
              ...(poster ? { poster } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

/** Places an order; the same key again gives the same order. */
export function placeOrder(key: string, body: OrderRequest): Promise<Order> {
  return answered(client.POST('/api/orders', { params: { header: { 'Idempotency-Key': key } }, body }));
}

/** Asks Stripe now, and often for a while: the buyer says they have paid. */
export function checkOrder(id: string): Promise<Order> {
  return answered(client.POST('/api/orders/{order}/check', { params: { path: { order: id } } }));
}

/** Asks Stripe to end the code. Seats come free only when Stripe says so; a buyer who was faster has paid. */
export function cancelOrder(id: string): Promise<Order> {
  return answered(client.POST('/api/orders/{order}/cancel', { params: { path: { order: id } } }));
}

/** Where the QR code of an order's Checkout page is drawn. */
export function orderCodeUrl(id: string): string {
  return `/api/orders/${encodeURIComponent(id)}/code.svg`;
}

/** Where the QR code of a ticket is drawn. */
export function ticketCodeUrl(id: string): string {
  return `/api/tickets/${encodeURIComponent(id)}/code.svg`;
}

/** Asks Stripe to give back all that is left, some tickets' money, or an amount; the same key again is the same refund. */
export function refundOrder(id: string, key: string, body: RefundRequest): Promise<Order> {
  return answered(client.POST('/api/orders/{order}/refund', { params: { path: { order: id }, header: { 'Idempotency-Key': key } }, body }));
}

/** Makes tickets void, and says that a refund was for them; it may have been for none. */
export function voidTickets(id: string, body: VoidRequest): Promise<Order> {
  return answered(client.POST('/api/orders/{order}/void', { params: { path: { order: id } }, body }));
}
