import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { createRefresher } from './refresher';
import { staleKeys } from './stale';
import type { Connection, Stream } from './stream';

const LiveContext = createContext<Stream | null>(null);

/** Keeps every query fresh from the stream: a change makes its queries stale, a new connection makes all of them stale. */
export function LiveProvider({ stream, children }: { stream: Stream; children: ReactNode }) {
  const queries = useQueryClient();
  useEffect(() => {
    const refresh = createRefresher(queries);
    return stream.subscribe({
      hello: () => refresh([[]]),
      change: (change) => refresh(staleKeys(change.kind)),
      connection: () => undefined,
    });
  }, [stream, queries]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

/** Whether the till answers. */
export function useConnection(): { connection: Connection; reconnect: () => void } {
  const stream = use(LiveContext);
  if (!stream) throw new Error('useConnection needs a LiveProvider');
  const subscribe = useCallback(
    (wake: () => void) => stream.subscribe({ hello: () => undefined, change: () => undefined, connection: wake }),
    [stream],
  );
  const connection = useSyncExternalStore(subscribe, stream.connection);
  return { connection, reconnect: stream.reconnect };
}
