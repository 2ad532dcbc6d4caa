import { expect, test, vi } from 'vitest';
import { takeTurn } from './turn';

/** The browser's locks for one name: held for as long as the holder's promise is open, or until it is stolen. */
class FakeLocks {
  private rob: ((reason: Error) => void) | undefined;

  readonly request = (async (_name: string, { ifAvailable, steal }: LockOptions, run: (lock: Lock | null) => unknown) => {
    await Promise.resolve();
    if (this.rob && ifAvailable) return run(null);
    if (steal) this.rob?.(new DOMException('stolen', 'AbortError'));
    return Promise.race([
      run({ mode: 'exclusive', name: _name }),
      new Promise((_, reject: (reason: Error) => void) => (this.rob = reject)),
    ]);
  }) as unknown as LockManager['request'];
}

test('the first window has its turn, the second has not until it takes it', async () => {
  const locks = new FakeLocks();
  const first = takeTurn('order', locks);
  const told = vi.fn();
  first.subscribe(told);
  expect(first.state()).toBe('asking');
  await vi.waitFor(() => expect(first.state()).toBe('mine'));
  const second = takeTurn('order', locks);
  await vi.waitFor(() => expect(second.state()).toBe('elsewhere'));
  expect(told).toHaveBeenCalledTimes(1);

  second.take();
  await vi.waitFor(() => expect([first.state(), second.state()]).toEqual(['elsewhere', 'mine']));
  expect(told).toHaveBeenCalledTimes(2);
});

test('a browser without locks lets every window have its turn', () => {
  expect(takeTurn('order', undefined).state()).toBe('mine');
});
