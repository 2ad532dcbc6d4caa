import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import type { Draft } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';

/** Takes the event off the Sell screen, or brings it back; what else was typed is saved with it. */
export function ArchiveSection({ onKeep }: { onKeep: (draft: Draft) => void }) {
  const t = useTranslations('events');
  const { draft } = useEditor();
  const [asks, setAsks] = useState(false);
  if (draft.archived) {
    return (
      <div className={styles.buttons}>
        <Button icon="again" onPress={() => onKeep({ ...draft, archived: false })}>
          {t('unarchive')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.buttons}>
      <Button look="danger" onPress={() => setAsks(true)}>
        {t('archive')}
      </Button>
      {asks && (
        <Dialog
          role="alertdialog"
          title={t('archiveTitle', { name: draft.name.trim() || t('unnamed') })}
          onClose={() => setAsks(false)}
          actions={
            <>
              <Button
                look="danger"
                onPress={() => {
                  setAsks(false);
                  onKeep({ ...draft, archived: true });
                }}
              >
                {t('archive')}
              </Button>
              <Button look="primary" autoFocus onPress={() => setAsks(false)}>
                {t('archiveNo')}
              </Button>
            </>
          }
        >
          <p>{t('archiveBody')}</p>
        </Dialog>
      )}
    </div>
  );
}
