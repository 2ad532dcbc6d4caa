import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';

/** Mode, register, and how Stripe was last heard. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => answered(client.GET('/api/status', { signal })),
});
