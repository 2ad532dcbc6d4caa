import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { accessQuery, openVault } from '~/api/access';
import { connectionQuery } from '~/api/connection';
import { statusQuery } from '~/api/status';
import type { Access } from '~/api/types';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { SecretField } from '~/ui/SecretField';
import { useTask } from '~/ui/useTask';
import styles from './Form.module.css';
import { Actions } from './Section';

const least = 8;

/** Opens the sealed keys; the first time, chooses what seals them. */
export function VaultForm({ state }: { state: Access['vault']['state'] }) {
  const t = useTranslations('vault');
  const queries = useQueryClient();
  const task = useTask();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isNew = state === 'new';
  const isShort = isNew && passphrase.length < least;
  const differs = isNew && passphrase !== again;
  if (state === 'open') return null;

  async function open() {
    setTried(true);
    if (passphrase === '' || isShort || differs) return;
    const sent = passphrase;
    const opened = await task.run(async () => {
      queries.setQueryData(accessQuery.queryKey, await openVault(sent));
    });
    setPassphrase('');
    setAgain('');
    setTried(false);
    if (!opened) return field.current?.focus();
    for (const { queryKey } of [connectionQuery, statusQuery]) void queries.invalidateQueries({ queryKey });
  }

  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <p>{t(isNew ? 'newBody' : 'lockedBody')}</p>
      {isNew && (
        <p>
          <strong>{t('noWayBack')}</strong>
        </p>
      )}
      <SecretField
        label={t('passphrase')}
        hint={isNew ? t('passphraseHint') : undefined}
        error={tried && isShort ? t('tooShort') : undefined}
        inputRef={field}
        value={passphrase}
        onChange={setPassphrase}
      />
      {isNew && (
        <SecretField label={t('again')} error={tried && differs ? t('differs') : undefined} value={again} onChange={setAgain} />
      )}
      {task.error && <ProblemCard error={task.error} onRemedy={task.dismiss} onClose={task.dismiss} />}
      <Actions>
        <Button look="primary" type="submit" isBusy={task.isPending}>
          {t(task.isPending ? 'opening' : isNew ? 'make' : 'open')}
        </Button>
      </Actions>
    </Form>
  );
}
