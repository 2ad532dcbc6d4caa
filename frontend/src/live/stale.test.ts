import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { Change } from '~/api/types';
import { staleKeys } from './stale';

const all = {
  status: ['status'],
  catalogue: ['catalogue'],
  'late money': ['late', 'list', 'waiting'],
  'how much waits': ['late', 'count'],
  close: ['closing', { payout: 'po_1' }],
  payouts: ['payouts', { from: '', to: '' }],
  reconciliation: ['reconciliation'],
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

const late = ['late money', 'how much waits'];
const close = ['close', 'payouts', 'reconciliation'];
const orders = ['open orders', 'one order', 'list of orders'];

test.each([
  ['order', ['status', 'catalogue', 'events', 'posters', ...late, ...close, ...orders]],
  ['catalogue', ['catalogue', 'events']],
  ['poster', ['posters', 'catalogue', 'events', ...orders]],
  ['connection', ['connection', 'status', 'access', 'books', 'platform']],
  ['discrepancy', ['catalogue', ...late, ...close, ...orders]],
  ['stripe', ['status', 'reconciliation']],
  ['statement', close],
  ['something newer', Object.keys(all)],
])('%s makes stale %j', async (kind, expected) => {
  const queries = new QueryClient();
  for (const key of Object.values(all)) queries.setQueryData(key, 'fresh');
  for (const queryKey of staleKeys(kind as Change['kind'])) await queries.invalidateQueries({ queryKey });
  const stale = Object.entries(all).filter(([, key]) => queries.getQueryState(key)?.isInvalidated);
  expect(stale.map(([name]) => name).sort()).toEqual([...expected].sort());
});
