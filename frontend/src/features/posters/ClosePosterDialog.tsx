import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';

interface ClosePosterDialogProps {
  code: string;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says what closing means before it is done. */
export function ClosePosterDialog({ code, onClose, onConfirm }: ClosePosterDialogProps) {
  const t = useTranslations('posters');
  return (
    <Dialog
      title={t('closeTitle', { code })}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button look="danger" onPress={onConfirm}>
            {t('closeYes')}
          </Button>
          <Button look="primary" autoFocus onPress={onClose}>
            {t('closeNo')}
          </Button>
        </>
      }
    >
      <p>{t('closeBody')}</p>
    </Dialog>
  );
}
