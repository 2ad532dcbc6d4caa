import { queryOptions } from '@tanstack/react-query';
import { pieces, type Span } from '~/domain/period';
import { answered, client } from './client';
import type { components } from './schema';

export type Closing = components['schemas']['Closing'];
export type ClosingDifferent = components['schemas']['ClosingDifferent'];
export type ClosingTotals = components['schemas']['ClosingTotals'];
export type Payout = components['schemas']['Payout'];

/** What is closed: a span of time, or a payout. */
export type Closed = Span | { readonly payout: string };

/** The longest span that Stripe is asked for at once. */
const mostRead = 92;

/** The book and Stripe, matched one to one. */
export const closingQuery = (closed: Closed) =>
  queryOptions({
    queryKey: ['closing', closed],
    queryFn: ({ signal }) => answered(client.GET('/api/closing', { params: { query: closed }, signal })),
  });

/** The payouts that Stripe made in the span, newest first, as far as its books were read. */
export const payoutsQuery = (span: Span) =>
  queryOptions({
    queryKey: ['payouts', span],
    queryFn: async ({ signal }) => (await answered(client.GET('/api/payouts', { params: { query: span }, signal }))).payouts,
  });

/** Has Stripe's own books read for the span, the newest part first. */
export async function readStatement(span: Span): Promise<void> {
  for (const piece of pieces(span, mostRead)) await answered(client.POST('/api/closing/read', { body: piece }));
}

/** Shows the close as a file in the system's browser, where the window itself cannot keep a file. */
export function showClosingFile(file: 'csv' | 'pdf', closed: Closed, timeZone: string): Promise<{ url: string; opened: boolean }> {
  return answered(client.POST('/api/closing/show', { params: { query: { ...closed, file, zone: timeZone } } }));
}

/** Where the close is taken from as a file; `timeZone` for the times in it. */
export function closingFileUrl(kind: 'csv' | 'pdf', closed: Closed, timeZone: string): string {
  return `/api/closing.${kind}?${new URLSearchParams({ ...closed, zone: timeZone }).toString()}`;
}
