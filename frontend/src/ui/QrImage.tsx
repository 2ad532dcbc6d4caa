import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './Button';
import styles from './QrImage.module.css';

/** After how many milliseconds it is looked whether a code can be drawn again. */
const lookAgain = 1000;

/** A QR code drawn by the till, black on white with its quiet zone in both themes, as large as its place. One that could not be drawn comes back by itself. */
export function QrImage({ src, alt }: { src: string; alt: string }) {
  const t = useTranslations();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (!broken) return;
    const probe = new Image();
    probe.onload = () => setBroken(false);
    const looking = setInterval(() => (probe.src = src), lookAgain);
    return () => clearInterval(looking);
  }, [broken, src]);
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
