import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { useShortcuts } from '~/ui/shortcuts';
import { BookChoice } from './BookChoice';
import styles from './WelcomeScreen.module.css';

interface WelcomeScreenProps {
  onPractise: () => void;
  /** A book for a real account is open; it is to be connected. */
  onConnect: () => void;
}

/** The first thing anybody sees: what this is, the way to practise it, and the way to sell with it. */
export function WelcomeScreen({ onPractise, onConnect }: WelcomeScreenProps) {
  const t = useTranslations('welcome');
  const app = useTranslations('app');
  const [choosing, setChoosing] = useState(false);
  useShortcuts(choosing ? { Escape: () => setChoosing(false) } : { Enter: onPractise });
  return (
    <div className={styles.welcome}>
      <article className={`perforated ${styles.ticket}`}>
        <div className={styles.words}>
          <h1>{app('name')}</h1>
          {choosing ? (
            <BookChoice onChanged={onConnect} onBack={() => setChoosing(false)} />
          ) : (
            <First onPractise={onPractise} onConnect={() => setChoosing(true)} />
          )}
        </div>
        <div className={styles.stub} aria-hidden="true">
          <Icon name="tick" size={88} />
          <span>{t('stub')}</span>
          <strong>{t('stubName')}</strong>
        </div>
      </article>
    </div>
  );
}

function First({ onPractise, onConnect }: WelcomeScreenProps) {
  const t = useTranslations('welcome');
  const { data } = useQuery(catalogueQuery);
  const event = data?.events[0];
  return (
    <>
      <p className={styles.lead}>{t('lead')}</p>
      <div className={styles.action}>
        <Button look="primary" icon="forward" onPress={onPractise}>
          {t('practise')}
        </Button>
        <Button icon="link" onPress={onConnect}>
          {t('connect')}
        </Button>
      </div>
      <p className={styles.safe}>
        {t('safe')} {event && t('ready', { event: event.name })}
      </p>
    </>
  );
}
