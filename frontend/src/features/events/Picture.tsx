import { useState } from 'react';
import { useTranslations } from 'use-intl';
import styles from './Editor.module.css';

/** What stands at the address of the picture; addresses that buyers' phones could not load are not asked. */
export function Picture({ address }: { address: string }) {
  const t = useTranslations('events');
  const [broken, setBroken] = useState('');
  if (!/^https:\/\/[^\s/]+\.[^\s]+$/.test(address)) return null;
  if (broken === address) return <p className={styles.note}>{t('pictureBroken')}</p>;
  return (
    <img
      className={styles.picture}
      src={address}
      alt={t('pictureAlt')}
      referrerPolicy="no-referrer"
      onError={() => setBroken(address)}
    />
  );
}
