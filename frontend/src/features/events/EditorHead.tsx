import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import styles from './Editor.module.css';
import { useEditor } from './editor';

interface EditorHeadProps {
  onBack: () => void;
  onMirror: (id: string) => void;
  isAsking: boolean;
}

/** Which event this is, the way back, and what to do where Stripe has refused something of it. */
export function EditorHead({ onBack, onMirror, isAsking }: EditorHeadProps) {
  const t = useTranslations('events');
  const { draft, live } = useEditor();
  const isRefused = live?.ticketTypes.some(({ mirror }) => mirror?.state === 'refused') ?? false;
  const { id } = draft;
  return (
    <header className={styles.head}>
      <Button look="quiet" icon="back" onPress={onBack}>
        {t('back')}
      </Button>
      <h1>{draft.name.trim() || (id ? t('unnamed') : t('newEvent'))}</h1>
      {draft.archived && <p className={styles.note}>{t('isArchived')}</p>}
      {isRefused && id && (
        <Button icon="again" isBusy={isAsking} onPress={() => onMirror(id)}>
          {t('askAgain')}
        </Button>
      )}
    </header>
  );
}
