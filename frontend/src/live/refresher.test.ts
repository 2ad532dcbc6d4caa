import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { beforeEach, expect, test, vi } from 'vitest';
import { createRefresher } from './refresher';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function watch(queries: QueryClient, key: string, queryFn: () => Promise<unknown>) {
  return new QueryObserver(queries, { queryKey: [key], queryFn, staleTime: Infinity, initialData: 0 }).subscribe(() => undefined);
}

test('changes that come together are fetched once, each key by itself', async () => {
  const queries = new QueryClient();
  const orders = vi.fn(() => Promise.resolve(1));
  const status = vi.fn(() => Promise.resolve(1));
  watch(queries, 'orders', orders);
  watch(queries, 'status', status);
  const refresh = createRefresher(queries);
  refresh([['orders']]);
  refresh([['orders'], ['status']]);
  refresh([['orders']]);
  await vi.advanceTimersByTimeAsync(30);
  expect(orders).toHaveBeenCalledTimes(1);
  expect(status).toHaveBeenCalledTimes(1);
});

test('a change during a fetch is fetched after it, and the fetch is not cut off', async () => {
  const queries = new QueryClient();
  const ended: string[] = [];
  const orders = vi.fn(async ({ signal }: { signal: AbortSignal }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    ended.push(signal.aborted ? 'cut off' : 'whole');
    return ended.length;
  });
  new QueryObserver(queries, { queryKey: ['orders'], queryFn: orders, staleTime: Infinity, initialData: 0 }).subscribe(() => undefined);
  const refresh = createRefresher(queries);
  refresh([['orders']]);
  await vi.advanceTimersByTimeAsync(100);
  for (let n = 0; n < 20; n++) {
    refresh([['orders']]);
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ended).toEqual(['whole', 'whole']);
});

test('a fetch that hangs does not hold back the others for ever', async () => {
  const queries = new QueryClient();
  const status = vi.fn(() => Promise.resolve(1));
  watch(queries, 'orders', () => new Promise(() => undefined));
  watch(queries, 'status', status);
  const refresh = createRefresher(queries);
  refresh([['orders']]);
  await vi.advanceTimersByTimeAsync(50);
  refresh([['status']]);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(status).toHaveBeenCalledTimes(1);
});
