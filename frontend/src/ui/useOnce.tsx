import { useMutation } from '@tanstack/react-query';
import { createContext, use, useRef, useState, type ReactNode } from 'react';
import { Problem } from '~/api/problem';
import { newKey } from '~/domain/keys';
import { OwedAnswers, type Owed } from './owed';

/** Something that must not be done twice. */
export interface Once<Body> {
  /** Does it, one at a time. While an answer is owed, the same is sent again with the same key, whatever `body` says. */
  run: (body: Body) => void;
  isPending: boolean;
  /** It was sent, and nobody knows whether it was done: its parts must not be changed until there is an answer. */
  isUnsure: boolean;
  /** What was sent and is owed an answer, for a dialog that is opened again to show it as it was. */
  owed: Body | undefined;
  error: Error | null;
  dismiss: () => void;
}

const OwedContext = createContext(new OwedAnswers());

/** Keeps what is owed an answer for longer than the dialog that sent it is open, and in `store` over a reload. */
export function OwedProvider({ store, children }: { store: Storage | undefined; children: ReactNode }) {
  const [owed] = useState(() => new OwedAnswers(store));
  return <OwedContext value={owed}>{children}</OwedContext>;
}

/**
 * Does a thing once, however often it is tapped: the idempotency key and what was sent stay until there is a definite
 * answer, also where the dialog is closed and opened again, or the page reloaded. `subject` says what is done to which thing;
 * `body` is all that is sent, so that a dialog can be shown from it as it was, and holds nothing secret.
 */
export function useOnce<Body, Result>(
  subject: string,
  send: (key: string, body: Body) => Promise<Result>,
  onDone: (result: Result, body: Body) => void,
): Once<Body> {
  const kept = use(OwedContext);
  const [owed, setOwed] = useState(() => kept.of(subject) as Owed<Body> | undefined);
  const underWay = useRef(false);
  const owe = (next: Owed<Body> | undefined) => {
    kept.keep(subject, next);
    setOwed(next);
  };
  const mutation = useMutation({
    mutationFn: ({ key, body }: Owed<Body>) => send(key, body),
    onSuccess: (result, { body }) => {
      owe(undefined);
      onDone(result, body);
    },
    onError: (error, sent) => {
      if (!(error instanceof Problem) || error.outcomeUnknown) owe({ ...sent, error });
      else if (!owed || !error.isNotHere) owe(undefined); // what another book lacks is no answer to an earlier try
    },
    onSettled: () => {
      underWay.current = false;
    },
  });
  return {
    run: (body) => {
      if (underWay.current) return;
      underWay.current = true;
      const sent = owed ?? { key: freshKey(), body, error: Problem.noAnswer(undefined) };
      kept.keep(subject, sent); // from here on nobody knows, even if the screen is left before the answer
      mutation.mutate(sent);
    },
    isPending: mutation.isPending,
    isUnsure: owed !== undefined,
    owed: owed?.body,
    error: mutation.isPending ? null : (mutation.error ?? owed?.error ?? null),
    dismiss: mutation.reset,
  };
}

function freshKey(): string {
  return newKey((bytes) => crypto.getRandomValues(bytes));
}
