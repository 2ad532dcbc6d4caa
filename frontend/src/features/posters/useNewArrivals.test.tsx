import { renderHook } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { poster } from '~/testkit/builders';
import { useNewArrivals } from './useNewArrivals';

const asked = vi.fn<(id: string) => Promise<unknown>>(() => Promise.reject(new Error('no line')));
vi.mock('~/api/posters', () => ({ checkPoster: (id: string) => asked(id) }));

beforeEach(() => {
  asked.mockClear();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test('Stripe is asked at once and again while somebody looks, and no longer', () => {
  const { unmount } = renderHook(() => useNewArrivals(poster()));
  expect(asked).toHaveBeenCalledTimes(1);
  expect(asked).toHaveBeenLastCalledWith('pst-1');
  vi.advanceTimersByTime(30_000);
  expect(asked).toHaveBeenCalledTimes(4);
  const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(4);
  hidden.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(asked).toHaveBeenCalledTimes(5);
  unmount();
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(5);
});

test('a poster that sells nothing is not asked for', () => {
  renderHook(() => useNewArrivals(poster({ state: 'closed' })));
  vi.advanceTimersByTime(30_000);
  expect(asked).not.toHaveBeenCalled();
});
