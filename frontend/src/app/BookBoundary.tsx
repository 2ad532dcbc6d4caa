import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useRef, useState, type ReactNode } from 'react';
import { statusQuery } from '~/api/status';

interface BookBoundaryProps {
  /** Called before everything starts afresh, to drop what is kept outside of React. */
  onChange: () => void;
  children: ReactNode;
}

/**
 * Whatever a screen holds belongs to one book. When the till has another one open, its answers are forgotten and everything
 * below starts afresh, so that no cart and no code of the one is carried into the other.
 */
export function BookBoundary({ onChange, children }: BookBoundaryProps) {
  const queries = useQueryClient();
  const { data } = useQuery(statusQuery);
  const book = data?.bookId;
  const known = useRef(book);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const before = known.current;
    if (book === undefined || book === before) return;
    known.current = book;
    if (before === undefined) return;
    const others = queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== statusQuery.queryKey[0] });
    void others.then(() => {
      onChange();
      setTurn((old) => old + 1);
    });
  }, [book, queries, onChange]);
  return <Fragment key={turn}>{children}</Fragment>;
}
