import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './Button';
import styles from './QrImage.module.css';

/** A QR code drawn by the till, black on white with its quiet zone in both themes, as large as its place. */
export function QrImage({ src, alt }: { src: string; alt: string }) {
  const t = useTranslations();
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <div className={styles.broken} role="alert">
        <p>{t('code.qrBroken')}</p>
        <Button icon="again" onPress={() => setBroken(false)}>
          {t('remedy.again')}
        </Button>
      </div>
    );
  }
  return <img className={styles.code} src={src} alt={alt} onError={() => setBroken(true)} draggable={false} />;
}
