import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Changes that come within this time are fetched once. */
const gather = 30;
/** A refetch that hangs must not hold back the next one. */
const patience = 3_000;

/** Makes queries stale, gathering what comes close together and never cutting off its own refetch in a storm of changes. */
export function createRefresher(queries: QueryClient) {
  const pending = new Map<string, QueryKey>();
  let running = false;

  async function run() {
    running = true;
    while (pending.size > 0) {
      await pause(gather);
      const keys = [...pending.values()];
      pending.clear();
      const refetched = Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
      await Promise.race([refetched, pause(patience)]);
    }
    running = false;
  }

  return (keys: readonly QueryKey[]) => {
    for (const key of keys) pending.set(JSON.stringify(key), key);
    if (!running) void run();
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
