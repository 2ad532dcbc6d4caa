import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button as Place } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import type { Book } from '~/api/types';
import { Button } from '~/ui/Button';
import styles from './BookChoice.module.css';

const ChangeBookDialog = lazy(() => import('~/ui/ChangeBookDialog'));

const books = ['live', 'test'] as const;

interface BookChoiceProps {
  onChanged: () => void;
  onBack: () => void;
}

/** On which money: real, or Stripe's test mode. */
export function BookChoice({ onChanged, onBack }: BookChoiceProps) {
  const t = useTranslations();
  const head = useRef<HTMLHeadingElement>(null);
  const [chosen, setChosen] = useState<Book['name']>();
  useEffect(() => head.current?.focus(), []);
  return (
    <section aria-labelledby="which" className={styles.choice}>
      <h2 id="which" ref={head} tabIndex={-1}>
        {t('welcome.which')}
      </h2>
      {books.map((book) => (
        <Place key={book} className={styles.place ?? ''} data-book={book} onPress={() => setChosen(book)}>
          <strong>{t(`books.${book}`)}</strong>
          <span>{t(`books.${book}Means`)}</span>
        </Place>
      ))}
      <div>
        <Button look="quiet" icon="back" onPress={onBack}>
          {t('welcome.back')}
        </Button>
      </div>
      <Suspense>
        {chosen && <ChangeBookDialog book={chosen} onChanged={onChanged} onClose={() => setChosen(undefined)} />}
      </Suspense>
    </section>
  );
}
