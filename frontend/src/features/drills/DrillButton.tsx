import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { drillsQuery } from '~/api/drills';
import { Icon } from '~/ui/Icon';
import { TellingButton } from '~/ui/TellingButton';
import styles from './DrillButton.module.css';
import { going } from './drills';

/** Opens the drills from the stripe that says training, and tells there how many go on, so that none is forgotten. */
export function DrillButton({ onPress }: { onPress: () => void }) {
  const t = useTranslations('drills');
  const { data } = useQuery(drillsQuery);
  const count = going(data ?? []);
  return (
    <TellingButton className={styles.button ?? ''} data-on={count > 0 ? true : undefined} aria-keyshortcuts="T" onPress={onPress}>
      <Icon name="drill" size={18} />
      {t('count', { count })}
    </TellingButton>
  );
}
