import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useLocale, useTranslations } from 'use-intl';
import { connectionQuery, setWebhook } from '~/api/connection';
import { statusQuery } from '~/api/status';
import type { Connection } from '~/api/types';
import { moment } from '~/domain/time';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/CopyButton';
import { ProblemCard } from '~/ui/ProblemCard';
import { SecretField } from '~/ui/SecretField';
import { useNow } from '~/ui/useNow';
import styles from './Form.module.css';
import { Actions, Facts, Mark, Section } from './Section';
import { useConnecting } from './useConnecting';

const path = '/webhooks/stripe';

/** The way for Stripe to wake the till: closed until a signing secret is set. */
export function WebhookSection() {
  const t = useTranslations();
  const { data } = useQuery(connectionQuery);
  const { data: status } = useQuery(statusQuery);
  if (!data || !status) return null;
  const { webhook } = data;
  return (
    <Section
      title={t('settings.webhook')}
      lead={t('webhook.lead')}
      mark={webhook.set && <Mark tone="good">{t('webhook.opened')}</Mark>}
    >
      {status.book === 'training' ? <p>{t('webhook.training')}</p> : <Address webhook={webhook} />}
    </Section>
  );
}

function Address({ webhook }: { webhook: Connection['webhook'] }) {
  const t = useTranslations('webhook');
  const locale = useLocale();
  const now = useNow(60_000);
  return (
    <>
      <Facts
        facts={[
          [t('address'), <code key="path">{path}</code>],
          [
            t('opened'),
            webhook.set ? (
              <>
                {t('received', { count: webhook.received })}
                {webhook.lastAt && <> · {t('lastAt', { time: moment(webhook.lastAt, now, locale, true) })}</>}
              </>
            ) : (
              t('closed')
            ),
          ],
        ]}
      />
      <p>
        {t('addressHint')} <CopyButton name={t('address')} text={path} />
      </p>
      <SecretForm isSet={webhook.set} />
    </>
  );
}

function SecretForm({ isSet }: { isSet: boolean }) {
  const t = useTranslations('webhook');
  const task = useConnecting();
  const [secret, setSecret] = useState('');
  async function send(text: string) {
    if (await task.connect((token) => setWebhook(text, token))) setSecret('');
  }
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        if (secret.trim() !== '') void send(secret.trim());
      }}
    >
      <SecretField label={t('secret')} hint={t('secretHint')} value={secret} onChange={setSecret} />
      {task.error && <ProblemCard error={task.error} onRemedy={task.dismiss} onClose={task.dismiss} />}
      <Actions>
        <Button look="primary" type="submit" isBusy={task.isPending}>
          {t(isSet ? 'replace' : 'set')}
        </Button>
        {isSet && (
          <Button look="danger" onPress={() => void send('')}>
            {t('close')}
          </Button>
        )}
      </Actions>
    </Form>
  );
}
