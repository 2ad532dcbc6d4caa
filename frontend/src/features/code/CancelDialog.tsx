import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';

interface CancelDialogProps {
  code: string;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says what cancelling does before it is done. */
export default function CancelDialog({ code, onClose, onConfirm }: CancelDialogProps) {
  const t = useTranslations('code');
  return (
    <Dialog
      title={t('cancelTitle', { code })}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button look="danger" onPress={onConfirm}>
            {t('cancelYes')}
          </Button>
          <Button look="primary" autoFocus onPress={onClose}>
            {t('cancelNo')}
          </Button>
        </>
      }
    >
      <p>{t('cancelBody')}</p>
    </Dialog>
  );
}
