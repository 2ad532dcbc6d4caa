import { useTranslations } from 'use-intl';
import { disconnect } from '~/api/connection';
import { Problem } from '~/api/problem';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { ProblemCard } from '~/ui/ProblemCard';
import { useConnecting } from './useConnecting';

const away = new Set(['stripe_unreachable', 'stripe_busy', 'stripe_refused', 'stripe_key', 'stripe_permission']);

/** Says what disconnecting does; where Stripe cannot be told, offers to forget the keys all the same. */
export default function DisconnectDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('connect');
  const task = useConnecting();
  const isAway = task.error instanceof Problem && away.has(task.error.code);

  async function end(force: boolean) {
    if (await task.connect((token) => disconnect(force, token))) onClose();
  }

  return (
    <Dialog
      title={t('disconnectTitle')}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button look="danger" isBusy={task.isPending} onPress={() => void end(isAway)}>
            {t(isAway ? 'forceYes' : 'disconnectYes')}
          </Button>
          <Button look="primary" autoFocus onPress={onClose}>
            {t('disconnectNo')}
          </Button>
        </>
      }
    >
      {task.error && <ProblemCard error={task.error} onRemedy={() => void end(false)} />}
      {isAway ? (
        <p>{t('forceBody')}</p>
      ) : (
        <>
          <p>{t('disconnectBody')}</p>
          <p>{t('disconnectOpen')}</p>
        </>
      )}
    </Dialog>
  );
}
