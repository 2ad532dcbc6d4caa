import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeCarrier } from '~/testkit/fakeCarrier';
import { createStream, type Connection } from './stream';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function listenTo(carrier: FakeCarrier) {
  const stream = createStream(carrier.open);
  const heard: string[] = [];
  const leave = stream.subscribe({
    hello: () => heard.push('hello'),
    change: ({ kind, id }) => heard.push(`${kind} ${id ?? ''}`.trim()),
    connection: (state: Connection) => heard.push(`is ${state}`),
  });
  return { stream, heard, leave };
}

describe('one connection', () => {
  test('opens with the first subscriber, is shared, and closes with the last', () => {
    const carrier = new FakeCarrier();
    const { stream, leave } = listenTo(carrier);
    const leaveToo = stream.subscribe({ hello: vi.fn(), change: vi.fn(), connection: vi.fn() });
    expect(carrier.opened).toBe(1);
    leave();
    expect(carrier.closed).toBe(0);
    leaveToo();
    expect(carrier.closed).toBe(1);
    expect(stream.connection()).toBe('opening');
  });

  test('passes on what the server says', () => {
    const carrier = new FakeCarrier();
    const { stream, heard } = listenTo(carrier);
    carrier.say('hello', { number: 3, mode: 'training' });
    carrier.say('change', { number: 4, kind: 'order', id: 'ord-1' });
    carrier.say('change', { number: 5, kind: 'stripe' });
    carrier.say('heartbeat');
    expect(heard).toEqual(['is live', 'hello', 'order ord-1', 'stripe']);
    expect(stream.connection()).toBe('live');
  });
});

describe('a broken connection', () => {
  test('that heals within the grace is not shown', () => {
    const carrier = new FakeCarrier();
    const { heard } = listenTo(carrier);
    carrier.say('hello');
    carrier.breaks();
    vi.advanceTimersByTime(1_000);
    carrier.say('hello');
    vi.advanceTimersByTime(5_000);
    expect(heard).toEqual(['is live', 'hello', 'hello']);
  });

  test('is lost after the grace, live again with the next hello', () => {
    const carrier = new FakeCarrier();
    const { heard } = listenTo(carrier);
    carrier.say('hello');
    carrier.breaks();
    vi.advanceTimersByTime(1_500);
    carrier.say('hello');
    expect(heard).toEqual(['is live', 'hello', 'is lost', 'is live', 'hello']);
  });

  test('that the browser has given up is opened anew, as often as it takes', () => {
    const carrier = new FakeCarrier();
    const { stream } = listenTo(carrier);
    for (let tries = 2; tries < 6; tries++) {
      carrier.breaks(true);
      vi.advanceTimersByTime(1_000);
      expect(carrier.opened).toBe(tries);
    }
    vi.advanceTimersByTime(500);
    expect(stream.connection()).toBe('lost');
    carrier.say('hello');
    expect(stream.connection()).toBe('live');
  });

  test('that is only silent is found by its missing heartbeat', () => {
    const carrier = new FakeCarrier();
    const { stream } = listenTo(carrier);
    carrier.say('hello');
    vi.advanceTimersByTime(30_000);
    carrier.say('heartbeat');
    vi.advanceTimersByTime(34_000);
    expect(carrier.opened).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(carrier.opened).toBe(2);
    expect(stream.connection()).toBe('live');
    vi.advanceTimersByTime(1_500);
    expect(stream.connection()).toBe('lost');
  });

  test('is tried at once when somebody asks for it', () => {
    const carrier = new FakeCarrier();
    const { stream } = listenTo(carrier);
    carrier.breaks();
    stream.reconnect();
    expect(carrier.opened).toBe(2);
  });

  test('leaves nothing running behind', () => {
    const carrier = new FakeCarrier();
    const { leave } = listenTo(carrier);
    carrier.say('hello');
    carrier.breaks(true);
    leave();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(carrier.opened).toBe(1);
  });
});

test('what an old connection still says is not heard', () => {
  const opened: Map<string, (event: { data?: string }) => void>[] = [];
  const stream = createStream(() => {
    const listeners = new Map<string, (event: { data?: string }) => void>();
    opened.push(listeners);
    return { readyState: 1, addEventListener: (kind, listener) => listeners.set(kind, listener), close: vi.fn() };
  });
  const hello = vi.fn();
  stream.subscribe({ hello, change: vi.fn(), connection: vi.fn() });
  stream.reconnect();
  opened[0]?.get('hello')?.({});
  expect(hello).not.toHaveBeenCalled();
  opened[1]?.get('hello')?.({});
  expect(hello).toHaveBeenCalledOnce();
});
