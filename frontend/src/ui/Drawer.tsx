import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './Button';
import styles from './Drawer.module.css';

interface DrawerProps {
  title: string;
  /** What the button says that closes it. */
  close: string;
  onClose: () => void;
  children: ReactNode;
}

/** A sheet that comes in from the side; what is below stays where it is. Shown for as long as it is rendered. */
export function Drawer({ title, close, onClose, children }: DrawerProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles.overlay ?? ''}
    >
      <Modal className={styles.drawer ?? ''}>
        <AriaDialog className={styles.dialog ?? ''}>
          <header className={styles.head}>
            <Heading slot="title" level={1}>
              {title}
            </Heading>
            <Button icon="cross" onPress={onClose}>
              {close}
            </Button>
          </header>
          <div className={styles.body} tabIndex={0} role="group" aria-label={title}>
            {children}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
