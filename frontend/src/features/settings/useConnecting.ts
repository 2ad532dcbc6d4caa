import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AdminToken } from '~/api/access';
import { connectionQuery } from '~/api/connection';
import { statusQuery } from '~/api/status';
import type { Connection } from '~/api/types';
import { useAdmin } from '~/ui/admin';
import { useTask, type Task } from '~/ui/useTask';

interface Connecting extends Task {
  /** Changes the connection as the administrator, and puts what comes back in its place; true when it went well. */
  connect: (ask: (token: AdminToken) => Promise<Connection>) => Promise<boolean>;
}

export function useConnecting(): Connecting {
  const queries = useQueryClient();
  const admin = useAdmin();
  const task = useTask();
  const { run } = task;
  const connect = useCallback<Connecting['connect']>(
    (ask) =>
      run(async () => {
        queries.setQueryData(connectionQuery.queryKey, await admin.run(ask));
        void queries.invalidateQueries({ queryKey: statusQuery.queryKey });
      }),
    [queries, admin, run],
  );
  return { ...task, connect };
}
