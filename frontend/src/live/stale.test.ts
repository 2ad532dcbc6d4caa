import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { Change } from '~/api/types';
import { staleKeys } from './stale';

const all = {
  status: ['status'],
  catalogue: ['catalogue'],
  discrepancies: ['discrepancies'],
  events: ['events'],
  posters: ['posters'],
  connection: ['connection'],
  access: ['access'],
  books: ['books'],
  platform: ['platform'],
  'open orders': ['orders', 'open'],
  'one order': ['orders', 'one', 'ord-1'],
  'list of orders': ['orders', 'list', { q: '', status: '' }],
};

const orders = ['open orders', 'one order', 'list of orders'];

test.each([
  ['order', ['status', 'catalogue', 'events', 'posters', ...orders]],
  ['catalogue', ['catalogue', 'events']],
  ['poster', ['posters', 'catalogue', 'events', ...orders]],
  ['connection', ['connection', 'status', 'access', 'books', 'platform']],
  ['discrepancy', ['discrepancies', ...orders]],
  ['stripe', ['status']],
  ['something newer', Object.keys(all)],
])('%s makes stale %j', async (kind, expected) => {
  const queries = new QueryClient();
  for (const key of Object.values(all)) queries.setQueryData(key, 'fresh');
  for (const queryKey of staleKeys(kind as Change['kind'])) await queries.invalidateQueries({ queryKey });
  const stale = Object.entries(all).filter(([, key]) => queries.getQueryState(key)?.isInvalidated);
  expect(stale.map(([name]) => name).sort()).toEqual([...expected].sort());
});
