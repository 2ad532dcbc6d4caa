import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';

/** Events, performances and ticket types, with the seats that are left now. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: ({ signal }) => answered(client.GET('/api/catalogue', { signal })),
});
