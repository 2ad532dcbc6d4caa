import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { components } from './schema';

export type Reconciliation = components['schemas']['Reconciliation'];

/** How the book keeps up with Stripe, what that costs in reads, and what waits for a person. */
export const reconciliationQuery = queryOptions({
  queryKey: ['reconciliation'],
  queryFn: ({ signal }) => answered(client.GET('/api/reconciliation', { signal })),
});

/** Asks Stripe for news now; answers when the book has it. */
export function pollNow(): Promise<Reconciliation> {
  return answered(client.POST('/api/reconciliation/poll'));
}
