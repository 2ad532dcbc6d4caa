import { useRef, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { connectByKey } from '~/api/connection';
import { Problem, type Remedy } from '~/api/problem';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { SecretField } from '~/ui/SecretField';
import styles from './Form.module.css';
import { PermissionTable } from './PermissionTable';
import { Actions, Section } from './Section';
import { useConnecting } from './useConnecting';

interface KeyPanelProps {
  livemode: boolean;
  onDone?: () => void;
}

/** Connecting by a key: what to tick, and where the key goes. A key that was taken is gone from the screen. */
export function KeyPanel({ livemode, onDone }: KeyPanelProps) {
  const t = useTranslations('connect');
  const task = useConnecting();
  const [key, setKey] = useState('');
  const [publishable, setPublishable] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const missing = task.error instanceof Problem && task.error.code === 'key_permissions' ? task.error : undefined;

  async function send() {
    if (key.trim() === '') return field.current?.focus();
    if (!(await task.connect((token) => connectByKey(key.trim(), publishable.trim(), token)))) return;
    setKey('');
    setPublishable('');
    onDone?.();
  }
  function remedy(next: Remedy) {
    if (next !== 'edit') return void send();
    task.dismiss();
    field.current?.focus();
  }

  return (
    <Section title={t('byKey')} lead={t('byKeyLead')}>
      <PermissionTable missing={missing} />
      <Form
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <SecretField label={t('key')} hint={t(livemode ? 'keyHintLive' : 'keyHintTest')} inputRef={field} value={key} onChange={setKey} />
        <SecretField
          label={t('publishable')}
          hint={t(livemode ? 'publishableHintLive' : 'publishableHintTest')}
          value={publishable}
          onChange={setPublishable}
        />
        {task.error && <ProblemCard error={task.error} onRemedy={remedy} onClose={task.dismiss} />}
        <Actions>
          <Button look="primary" type="submit" isBusy={task.isPending}>
            {t(task.isPending ? 'trying' : 'useKey')}
          </Button>
        </Actions>
      </Form>
    </Section>
  );
}
