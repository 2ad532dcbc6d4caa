import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { posterCodeUrl, posterPdfUrl, posterPreviewUrl, showPosterFile } from '~/api/posters';
import type { Poster } from '~/api/types';
import { Button } from '~/ui/Button';
import { DownloadLink } from '~/ui/DownloadLink';
import styles from './PosterSheet.module.css';

const sheets = ['A4', 'A6'] as const;
const codes = ['png', 'svg'] as const;

/** The poster as it is printed, and the files to take away. There are none before Stripe has given it a link, nor after its end. */
export function PosterSheet({ poster }: { poster: Poster }) {
  const t = useTranslations('posters');
  const [isBroken, setBroken] = useState(false);
  if (poster.state !== 'open') {
    return (
      <div className={styles.sheet}>
        <p className={styles.none}>{t(poster.state === 'starting' ? 'noPreview' : 'noPreviewOver')}</p>
      </div>
    );
  }
  const name = `willcall-poster-${poster.code}`;
  return (
    <div className={styles.sheet}>
      <h2 className={styles.title}>{t('print')}</h2>
      <div className={styles.files}>
        {sheets.map((size) => (
          <DownloadLink
            key={size}
            href={posterPdfUrl(poster.id, size)}
            file={`${name}-${size}.pdf`}
            onShow={() => void showPosterFile(poster.id, 'poster.pdf', size)}
          >
            {t('pdf', { size })}
          </DownloadLink>
        ))}
        {codes.map((kind) => (
          <DownloadLink
            key={kind}
            href={posterCodeUrl(poster.id, kind)}
            file={`${name}.${kind}`}
            onShow={() => void showPosterFile(poster.id, `code.${kind}`)}
          >
            {t('qr', { kind: kind.toUpperCase() })}
          </DownloadLink>
        ))}
      </div>
      {isBroken ? (
        <div role="alert" className={styles.none}>
          <p>{t('previewBroken')}</p>
          <AgainButton onPress={() => setBroken(false)} />
        </div>
      ) : (
        <img
          className={styles.paper}
          src={posterPreviewUrl(poster.id, 'A4')}
          alt={t('preview', { code: poster.code, name: poster.name, event: poster.eventName })}
          onError={() => setBroken(true)}
          draggable={false}
        />
      )}
    </div>
  );
}

function AgainButton({ onPress }: { onPress: () => void }) {
  const t = useTranslations('remedy');
  return (
    <Button icon="again" onPress={onPress}>
      {t('again')}
    </Button>
  );
}
