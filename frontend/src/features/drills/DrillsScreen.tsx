import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { statusQuery } from '~/api/status';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { DrillPanel } from './DrillPanel';
import styles from './DrillsScreen.module.css';

/** The drills as a page of their own, for a trainer with a second screen. In another book it says where they are. */
export function DrillsScreen({ onSettings }: { onSettings: () => void }) {
  const t = useTranslations('drills');
  const { data } = useQuery(statusQuery);
  if (!data) return null;
  if (data.book !== 'training') {
    return (
      <Empty
        title={t('title')}
        action={
          <Button look="primary" icon="settings" onPress={onSettings}>
            {t('toSettings')}
          </Button>
        }
      >
        {t('notHere')}
      </Empty>
    );
  }
  return (
    <div className={styles.screen}>
      <header>
        <h1>{t('title')}</h1>
        <p className={styles.lead}>{t('lead')}</p>
      </header>
      <DrillPanel />
    </div>
  );
}
