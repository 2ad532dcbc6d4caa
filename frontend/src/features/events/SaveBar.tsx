import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import styles from './Editor.module.css';

/** Save, always in the same place, and whether there is something to save. */
export function SaveBar({ isDirty, isSaving }: { isDirty: boolean; isSaving: boolean }) {
  const t = useTranslations('events');
  return (
    <div className={styles.bar}>
      <span>{t(isDirty ? 'unsaved' : 'nothingToSave')}</span>
      <Button type="submit" look="primary" icon="tick" isBusy={isSaving}>
        {t(isSaving ? 'saving' : 'save')}
      </Button>
    </div>
  );
}
