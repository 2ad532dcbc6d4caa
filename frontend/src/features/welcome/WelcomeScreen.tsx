import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { useShortcuts } from '~/ui/shortcuts';
import styles from './WelcomeScreen.module.css';

/** The first thing anybody sees: what this is, and the way to practise it. */
export function WelcomeScreen({ onPractise }: { onPractise: () => void }) {
  const t = useTranslations('welcome');
  const app = useTranslations('app');
  const catalogue = useQuery(catalogueQuery);
  const event = catalogue.data?.events[0];
  useShortcuts({ Enter: onPractise });
  return (
    <div className={styles.welcome}>
      <article className={`perforated ${styles.ticket}`}>
        <div className={styles.words}>
          <h1>{app('name')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
          <div className={styles.action}>
            <Button look="primary" icon="forward" onPress={onPractise}>
              {t('practise')}
            </Button>
          </div>
          <p className={styles.safe}>
            {t('safe')} {event && t('ready', { event: event.name })}
          </p>
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
