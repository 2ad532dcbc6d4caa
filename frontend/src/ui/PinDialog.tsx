import { useId, useRef, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { unlock } from '~/api/access';
import { Problem } from '~/api/problem';
import type { Admin } from '~/api/types';
import { Button } from './Button';
import { Dialog } from './Dialog';
import styles from './PinDialog.module.css';
import { SecretField } from './SecretField';
import { useTask } from './useTask';

interface PinDialogProps {
  onOpen: (admin: Admin) => void;
  onClose: () => void;
}

/** Asks for the administrator's PIN. What is typed is forgotten with each try. */
export default function PinDialog({ onOpen, onClose }: PinDialogProps) {
  const t = useTranslations('pin');
  const task = useTask();
  const [pin, setPin] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const form = useId();
  const says = usePinProblem(task.error);

  async function open() {
    const tried = pin;
    setPin('');
    await task.run(async () => onOpen(await unlock(tried)));
    field.current?.focus();
  }

  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('leave')}</Button>
          <Button look="primary" type="submit" form={form} isDisabled={pin.length < 4} isBusy={task.isPending}>
            {t('open')}
          </Button>
        </>
      }
    >
      <p>{t('why')}</p>
      <Form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (pin.length >= 4 && !task.isPending) void open();
        }}
      >
        <SecretField label={t('field')} digits autoFocus inputRef={field} value={pin} onChange={setPin} />
        <p role="alert" className={styles.says}>
          {says}
        </p>
      </Form>
    </Dialog>
  );
}

/** What went wrong with a PIN, and how long to wait if the till said so. */
function usePinProblem(error: Error | undefined): string {
  const t = useTranslations();
  if (!error) return '';
  const problem = error instanceof Problem ? error : new Problem('internal', '');
  const seconds = Number(problem.params.seconds);
  if (problem.code === 'pin_wait' && seconds > 0) return t('pin.wait', { count: seconds });
  return t(`problems.${problem.code}.title`, { name: '', available: 0 });
}
