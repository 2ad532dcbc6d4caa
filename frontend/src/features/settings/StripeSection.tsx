import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { accessQuery } from '~/api/access';
import { connectionQuery } from '~/api/connection';
import { statusQuery } from '~/api/status';
import type { Connection } from '~/api/types';
import { Icon } from '~/ui/Icon';
import { ProblemCard } from '~/ui/ProblemCard';
import { Connected } from './Connected';
import { ConsentPanel } from './ConsentPanel';
import { KeyPanel } from './KeyPanel';
import { MethodsSection } from './MethodsSection';
import { Mark, Section } from './Section';
import styles from './StripeSection.module.css';
import { Troubles } from './Troubles';
import { VaultForm } from './VaultForm';

const tones = { connected: 'good', none: 'over', locked: 'warn', revoked: 'bad' } as const;

/** Whose Stripe account the open book sells on, and the ways to say so. */
export function StripeSection() {
  const t = useTranslations();
  const connection = useQuery(connectionQuery);
  const { data: status } = useQuery(statusQuery);
  const { data } = connection;
  if (connection.error && !data) return <ProblemCard error={connection.error} onRemedy={() => void connection.refetch()} />;
  if (!data || !status) return null;
  if (status.book === 'training') {
    return (
      <>
        <Simulated />
        <MethodsSection connection={data} />
      </>
    );
  }
  return (
    <>
      <Section
        title={t('settings.stripe')}
        lead={t('connect.lead')}
        mark={<Mark tone={tones[data.state]}>{t(`connect.${data.state}`)}</Mark>}
      >
        {data.problem && <Troubles troubles={[data.problem]} tone="bad" />}
        <Standing connection={data} />
      </Section>
      {data.state === 'connected' && <MethodsSection connection={data} />}
      {(data.state === 'none' || data.state === 'revoked') && <Ways connection={data} />}
    </>
  );
}

function Standing({ connection }: { connection: Connection }) {
  const t = useTranslations('connect');
  const { data: access } = useQuery(accessQuery);
  switch (connection.state) {
    case 'connected':
      return <Connected connection={connection} />;
    case 'locked':
      return (
        <>
          <p>{t('lockedBody')}</p>
          {access && <VaultForm state={access.vault.state} />}
        </>
      );
    case 'revoked':
      return <p>{t('revokedBody')}</p>;
    case 'none':
      return null;
  }
}

/** Both ways side by side; a vault that has no passphrase yet comes first. */
function Ways({ connection }: { connection: Connection }) {
  const { data: access } = useQuery(accessQuery);
  const t = useTranslations('settings');
  if (access && access.vault.state !== 'open') {
    return (
      <Section title={t('keys')}>
        <VaultForm state={access.vault.state} />
      </Section>
    );
  }
  return (
    <div className={styles.ways}>
      <KeyPanel livemode={connection.livemode} />
      <ConsentPanel canAsk={connection.canOAuth} />
    </div>
  );
}

function Simulated() {
  const t = useTranslations();
  return (
    <Section title={t('settings.stripe')} mark={<Mark tone="good">{t('books.training')}</Mark>}>
      <p>{t('connect.simulated')}</p>
      <p>{t('connect.simulatedNext')}</p>
      <p>
        <Link href="/settings/book" className={styles.way}>
          {t('connect.toBooks')}
          <Icon name="forward" />
        </Link>
      </p>
    </Section>
  );
}
