import { useCallback, useEffect, useRef, useState } from 'react';

export interface Task {
  isPending: boolean;
  error: Error | undefined;
  /** Does it, one at a time; true when it went well. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  dismiss: () => void;
}

/**
 * One thing that a person asked for: under way, gone wrong, or over. Unlike a mutation of the query client it keeps nothing
 * of what was sent, so that keys and PINs can be sent by it.
 */
export function useTask(): Task {
  const [state, setState] = useState<{ isPending: boolean; error: Error | undefined }>(idle);
  const busy = useRef(false);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    if (busy.current) return false;
    busy.current = true;
    setState({ isPending: true, error: undefined });
    let error: Error | undefined;
    try {
      await work();
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
    }
    busy.current = false;
    if (shown.current) setState({ isPending: false, error });
    return error === undefined;
  }, []);
  const dismiss = useCallback(() => setState(idle), []);
  return { ...state, run, dismiss };
}

const idle = { isPending: false, error: undefined };
