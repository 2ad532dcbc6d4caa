import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';

interface CancelDialogProps {
  code: string;
  /** What ends: a code, or a payment by a card that is typed here. */
  isTyped: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says what cancelling does before it is done. */
export default function CancelDialog({ code, isTyped, onClose, onConfirm }: CancelDialogProps) {
  const t = useTranslations('code');
  const card = useTranslations('card');
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
            {isTyped ? card('cancelNo') : t('cancelNo')}
          </Button>
        </>
      }
    >
      <p>{isTyped ? card('cancelBody') : t('cancelBody')}</p>
    </Dialog>
  );
}
