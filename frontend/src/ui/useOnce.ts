import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Problem } from '~/api/problem';
import { newKey } from '~/domain/keys';

/** Something that must not be done twice. */
export interface Once<Body> {
  /** Does it, one at a time. While an answer is owed, the same is sent again with the same key, whatever `body` says. */
  run: (body: Body) => void;
  isPending: boolean;
  /** It was sent, and nobody knows whether it was done: its parts must not be changed until there is an answer. */
  isUnsure: boolean;
  error: Error | null;
  dismiss: () => void;
}

/** Does a thing once, however often it is tapped: the idempotency key and what was sent stay until there is a definite answer. */
export function useOnce<Body, Result>(
  send: (key: string, body: Body) => Promise<Result>,
  onDone: (result: Result) => void,
): Once<Body> {
  const [key, setKey] = useState(freshKey);
  const [owed, setOwed] = useState<{ body: Body }>();
  const underWay = useRef(false);
  const mutation = useMutation({
    mutationFn: (body: Body) => send(key, body),
    onSuccess: (result) => {
      setOwed(undefined);
      setKey(freshKey());
      onDone(result);
    },
    onError: (error, body) => {
      if (error instanceof Problem && !error.outcomeUnknown) {
        setOwed(undefined);
        setKey(freshKey());
      } else {
        setOwed({ body });
      }
    },
    onSettled: () => {
      underWay.current = false;
    },
  });
  return {
    run: (body) => {
      if (underWay.current) return;
      underWay.current = true;
      mutation.mutate(owed ? owed.body : body);
    },
    isPending: mutation.isPending,
    isUnsure: owed !== undefined,
    error: mutation.error,
    dismiss: mutation.reset,
  };
}

function freshKey(): string {
  return newKey((bytes) => crypto.getRandomValues(bytes));
}
