import { useTranslations } from 'use-intl';
import { useConnection } from '~/live/LiveProvider';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import styles from './LostBar.module.css';

/** Over the screen while the till's program does not answer: what is below may be old. Moves nothing. */
export function LostBar() {
  const t = useTranslations('till');
  const { connection, reconnect } = useConnection();
  if (connection !== 'lost') return null;
  return (
    <div role="alert" className={styles.bar}>
      <Icon name="hand" size={34} />
      <p>
        <strong>{t('lost')}</strong>
        {t('lostMoney')}
      </p>
      <Button icon="again" onPress={reconnect}>
        {t('lostAction')}
      </Button>
    </div>
  );
}
