import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { pasteConsent } from '~/api/connection';
import type { Consent } from '~/api/types';
import { countdown, secondsLeft } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { ProblemCard } from '~/ui/ProblemCard';
import { TextField } from '~/ui/TextField';
import { useNow } from '~/ui/useNow';
import styles from './Form.module.css';
import { Actions } from './Section';
import { useConnecting } from './useConnecting';

/**
 * Between the question and its answer. The answer comes by itself over the stream (the connection changes), or as the
 * address that the browser ended on, where it cannot reach the till.
 */
export function WaitingForConsent({ consent, onAgain }: { consent: Consent; onAgain: () => void }) {
  const t = useTranslations('connect');
  const now = useNow(1000);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const left = secondsLeft(consent.expiresAt, now);
  if (left === 0) {
    return (
      <div role="alert">
        <p>{t('expired')}</p>
        <Button look="primary" icon="again" onPress={onAgain}>
          {t('startAgain')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.form}>
      <h3 ref={head} tabIndex={-1} className={styles.waiting}>
        <Icon name="clock" />
        {t('waiting')} <span aria-hidden="true">{countdown(left)}</span>
      </h3>
      <p>{t(consent.paste ? 'waitingPaste' : 'waitingBrowser')}</p>
      {consent.paste && <PasteForm onAgain={onAgain} />}
      <Actions>
        <a href={consent.url} target="_blank" rel="noopener noreferrer" className={styles.link}>
          {t('openAgain')}
        </a>
        <Button look="quiet" icon="again" onPress={onAgain}>
          {t('startAgain')}
        </Button>
      </Actions>
    </div>
  );
}

function PasteForm({ onAgain }: { onAgain: () => void }) {
  const t = useTranslations('connect');
  const task = useConnecting();
  const [address, setAddress] = useState('');
  async function paste() {
    if (await task.connect((token) => pasteConsent(address.trim(), token))) setAddress('');
  }
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        if (address.trim() !== '') void paste();
      }}
    >
      <TextField label={t('paste')} autoComplete="off" value={address} onChange={setAddress} />
      {task.error && <ProblemCard error={task.error} onRemedy={onAgain} onClose={task.dismiss} />}
      <Actions>
        <Button look="primary" type="submit" isBusy={task.isPending}>
          {t('pasteShort')}
        </Button>
      </Actions>
    </Form>
  );
}
