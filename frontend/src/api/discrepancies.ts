import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';

/** Money that fits no order: kept and shown. */
export const discrepanciesQuery = queryOptions({
  queryKey: ['discrepancies'],
  queryFn: ({ signal }) => answered(client.GET('/api/discrepancies', { signal })),
});
