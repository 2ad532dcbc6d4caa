/** Which of several windows with the same order may take the card. */
export type TurnState = 'asking' | 'mine' | 'elsewhere';

export interface Turn {
  subscribe: (wake: () => void) => () => void;
  state: () => TurnState;
  /** Takes the turn from the window that has it. */
  take: () => void;
}

/**
 * Takes the turn if no other window has it, and keeps it until the window closes. Browsers keep the score with Web Locks;
 * where there are none every window has its turn, and Stripe still charges an order once.
 */
export function takeTurn(name: string, locks: Pick<LockManager, 'request'> | undefined): Turn {
  let state: TurnState = locks ? 'asking' : 'mine';
  const listeners = new Set<() => void>();
  const become = (next: TurnState) => {
    state = next;
    for (const wake of listeners) wake();
  };
  const ask = (options: LockOptions) => {
    void locks
      ?.request(name, options, (lock) => {
        become(lock ? 'mine' : 'elsewhere');
        return lock ? new Promise<void>(() => undefined) : undefined;
      })
      .catch(() => become('elsewhere')); // another window took it
  };
  ask({ ifAvailable: true });
  return {
    subscribe: (wake) => {
      listeners.add(wake);
      return () => listeners.delete(wake);
    },
    state: () => state,
    take: () => ask({ steal: true }),
  };
}
