import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { beginConsent } from '~/api/connection';
import type { Consent } from '~/api/types';
import { useAdmin } from '~/ui/admin';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { useTask } from '~/ui/useTask';
import { Actions, Section } from './Section';
import { WaitingForConsent } from './WaitingForConsent';

/** Connecting by Stripe's question to the organizer, where a platform is registered. */
export function ConsentPanel({ canAsk }: { canAsk: boolean }) {
  const t = useTranslations('connect');
  const [, go] = useLocation();
  const admin = useAdmin();
  const task = useTask();
  const [consent, setConsent] = useState<Consent>();

  function ask() {
    setConsent(undefined);
    void task.run(async () => {
      const begun = await admin.run(beginConsent);
      if (!begun.opened) window.open(begun.url, '_blank', 'noopener');
      setConsent(begun);
    });
  }

  return (
    <Section title={t('byOauth')} lead={t('byOauthLead')}>
      {task.error && <ProblemCard error={task.error} onRemedy={ask} onClose={task.dismiss} />}
      {!canAsk && (
        <>
          <p>{t('noPlatform')}</p>
          <Actions>
            <Button onPress={() => go('/settings/admin')}>{t('toPlatform')}</Button>
          </Actions>
        </>
      )}
      {canAsk && !consent && (
        <Actions>
          <Button look="primary" icon="link" isBusy={task.isPending} onPress={ask}>
            {t('start')}
          </Button>
        </Actions>
      )}
      {canAsk && consent && <WaitingForConsent key={consent.url} consent={consent} onAgain={ask} />}
    </Section>
  );
}
