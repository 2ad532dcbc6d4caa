import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { catalogueQuery } from '~/api/catalogue';
import { makePoster, postersQuery } from '~/api/posters';
import { Problem } from '~/api/problem';
import type { NewPoster, Poster } from '~/api/types';
import { newKey } from '~/domain/keys';

/** Makes a poster once: the key stays until there is a definite answer, so trying again after none is the same poster. */
export function useMakePoster(onMade: (poster: Poster) => void) {
  const queries = useQueryClient();
  const [key, setKey] = useState(freshKey);
  const underWay = useRef(false);
  const mutation = useMutation({
    mutationFn: (body: NewPoster) => makePoster(key, body),
    onSuccess: (poster) => {
      queries.setQueryData(postersQuery.queryKey, (old) =>
        old && { ...old, posters: [poster, ...old.posters.filter(({ id }) => id !== poster.id)] },
      );
      onMade(poster);
    },
    onError: (error) => {
      if (error instanceof Problem && !error.outcomeUnknown) setKey(freshKey());
    },
    onSettled: () => {
      underWay.current = false;
      void queries.invalidateQueries({ queryKey: postersQuery.queryKey });
      void queries.invalidateQueries({ queryKey: catalogueQuery.queryKey });
    },
  });
  return {
    make: (body: NewPoster) => {
      if (underWay.current) return;
      underWay.current = true;
      mutation.mutate(body);
    },
    isMaking: mutation.isPending,
    error: mutation.error,
    dismiss: mutation.reset,
  };
}

function freshKey(): string {
  return newKey((bytes) => crypto.getRandomValues(bytes));
}
