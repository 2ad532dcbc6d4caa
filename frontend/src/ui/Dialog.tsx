import type { MouseEvent, ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import styles from './Dialog.module.css';

interface DialogProps {
  title: string;
  /** `alertdialog` for a question that has to be answered. */
  role?: 'dialog' | 'alertdialog';
  onClose: () => void;
  /** Something is under way whose answer has to be seen: it cannot be closed until then. */
  isBusy?: boolean;
  children: ReactNode;
  /** The buttons, the safe one last. */
  actions: ReactNode;
}

/** A question or a note over the till. Shown for as long as it is rendered. */
export function Dialog({ title, role = 'dialog', onClose, isBusy = false, children, actions }: DialogProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === 'dialog' && !isBusy}
      isKeyboardDismissDisabled={isBusy}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles.overlay ?? ''}
    >
      <Modal className={styles.modal ?? ''}>
        <AriaDialog role={role} className={styles.dialog ?? ''}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          <div className={styles.body}>{children}</div>
          <div className={styles.actions} onClickCapture={takeNoDoubleTap}>
            {actions}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The second tap of two meant the button that was there before; what has come in its place may say what happened. */
function takeNoDoubleTap(event: MouseEvent) {
  if (event.detail < 2) return;
  event.preventDefault();
  event.stopPropagation();
}
