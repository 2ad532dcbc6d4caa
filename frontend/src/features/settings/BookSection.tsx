import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { booksQuery } from '~/api/books';
import type { Book } from '~/api/types';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import styles from './BookSection.module.css';
import { Mark, Section } from './Section';

const ChangeBookDialog = lazy(() => import('~/ui/ChangeBookDialog'));

/** The three books, which one is open, and the way to another. */
export function BookSection() {
  const t = useTranslations('settings');
  const books = useQuery(booksQuery);
  const [chosen, setChosen] = useState<Book['name']>();
  const close = () => setChosen(undefined);
  return (
    <Section title={t('book')} lead={t('bookLead')}>
      {books.error && <ProblemCard error={books.error} onRemedy={() => void books.refetch()} />}
      <ul className={styles.books}>
        {books.data?.map((book) => (
          <li key={book.name}>
            <BookCard book={book} onChoose={() => setChosen(book.name)} />
          </li>
        ))}
      </ul>
      <Suspense>{chosen && <ChangeBookDialog book={chosen} onChanged={close} onClose={close} />}</Suspense>
    </Section>
  );
}

function BookCard({ book, onChoose }: { book: Book; onChoose: () => void }) {
  const t = useTranslations('books');
  return (
    <article className={styles.book} data-book={book.name} aria-label={t(book.name)}>
      <h3>{t(book.name)}</h3>
      <p>{t(`${book.name}Means`)}</p>
      <p className={styles.begun}>{t(book.begun ? 'begun' : 'fresh')}</p>
      <div className={styles.foot}>
        {book.open ? <Mark tone="good">{t('open')}</Mark> : <Button onPress={onChoose}>{t(`change_${book.name}`)}</Button>}
      </div>
    </article>
  );
}
