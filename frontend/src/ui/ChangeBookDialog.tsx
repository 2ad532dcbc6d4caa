import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { booksQuery, openBook } from '~/api/books';
import { statusQuery } from '~/api/status';
import type { Book } from '~/api/types';
import { useConnection } from '~/live/LiveProvider';
import { useAdmin } from './admin';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ProblemCard } from './ProblemCard';
import { useTask } from './useTask';

interface ChangeBookDialogProps {
  book: Book['name'];
  /** The other book is open. */
  onChanged: () => void;
  onClose: () => void;
}

/** Says what another book means before it is opened. */
export default function ChangeBookDialog({ book, onChanged, onClose }: ChangeBookDialogProps) {
  const t = useTranslations('books');
  const admin = useAdmin();
  const queries = useQueryClient();
  const task = useTask();
  const { reconnect } = useConnection();
  const { data: status } = useQuery(statusQuery);

  async function change() {
    const changed = await task.run(async () => {
      queries.setQueryData(booksQuery.queryKey, await admin.run((token) => openBook(book, token)));
    });
    if (!changed) return;
    reconnect();
    onChanged();
    void queries.invalidateQueries({ queryKey: statusQuery.queryKey });
  }

  return (
    <Dialog
      title={t(`title_${book}`)}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button isBusy={task.isPending} onPress={() => void change()}>
            {t(`change_${book}`)}
          </Button>
          <Button look="primary" autoFocus onPress={onClose}>
            {t('stay')}
          </Button>
        </>
      }
    >
      {task.error && <ProblemCard error={task.error} onRemedy={() => void change()} />}
      <p>
        <strong>{t(book === 'live' ? 'realMoney' : 'playMoney')}</strong>
      </p>
      <p>{t('other')}</p>
      <p>
        {t('openCodes', { count: status?.openCodes ?? 0 })} {t('kept')}
      </p>
    </Dialog>
  );
}
