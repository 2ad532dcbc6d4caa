/**
 * The one live stream of the till. A change carries no truth, only what became stale. The stream opens with its first
 * subscriber and closes with its last. Whatever carries it (here an EventSource) is named in this file alone, so that a
 * window whose platform buffers streams can bring another carrier.
 */
import type { Change } from '~/api/types';

/** `opening` nothing heard yet; `live` the till answers; `lost` it does not, and what is on the screen may be old. */
export type Connection = 'opening' | 'live' | 'lost';

export interface StreamListener {
  /** Connected, or connected again: everything may have changed meanwhile. */
  hello: () => void;
  change: (change: Change) => void;
  connection: (state: Connection) => void;
}

/** The part of EventSource that is used. */
export interface Carrier {
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: { data?: string }) => void): void;
  close(): void;
}

export interface Stream {
  /** Listens until the returned function is called. */
  subscribe: (listener: StreamListener) => () => void;
  connection: () => Connection;
  /** Does not wait for the next try. */
  reconnect: () => void;
}

const closed = 2;
/** The server's heartbeat comes every 15 s; two missed ones and a little are a silence. */
const silenceAfter = 35_000;
/** A hiccup shorter than this is not shown. */
const graceAfter = 1_500;
const retryAfter = 1_000;

/** A stream over `open`, which connects to the server's event stream. */
export function createStream(open: () => Carrier): Stream {
  const listeners = new Set<StreamListener>();
  let state: Connection = 'opening';
  let carrier: Carrier | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function become(next: Connection) {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener.connection(next);
  }

  function heard() {
    clearTimeout(grace);
    grace = undefined;
    clearTimeout(silence);
    silence = setTimeout(restart, silenceAfter);
    become('live');
  }

  function failed(from: Carrier) {
    grace ??= setTimeout(() => become('lost'), graceAfter);
    if (from.readyState !== closed) return;
    clearTimeout(retry);
    retry = setTimeout(restart, retryAfter);
  }

  function restart() {
    stop();
    grace ??= setTimeout(() => become('lost'), graceAfter);
    start();
  }

  function start() {
    const opened = open();
    carrier = opened;
    const whenCurrent = (handle: (data: string) => void) => (event: { data?: string }) => {
      if (opened === carrier) handle(event.data ?? '');
    };
    opened.addEventListener('hello', whenCurrent(() => {
      heard();
      for (const listener of listeners) listener.hello();
    }));
    opened.addEventListener('change', whenCurrent((data) => {
      heard();
      const change = JSON.parse(data) as Change;
      for (const listener of listeners) listener.change(change);
    }));
    opened.addEventListener('heartbeat', whenCurrent(heard));
    opened.addEventListener('error', whenCurrent(() => failed(opened)));
  }

  function stop() {
    carrier?.close();
    carrier = undefined;
    clearTimeout(silence);
    clearTimeout(retry);
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!carrier) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop();
        clearTimeout(grace);
        grace = undefined;
        state = 'opening';
      };
    },
    connection: () => state,
    reconnect: restart,
  };
}
