import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { accessQuery } from '~/api/access';
import type { Access } from '~/api/types';
import { ProblemCard } from '~/ui/ProblemCard';
import { Facts, Mark, Section } from './Section';
import { VaultForm } from './VaultForm';

const tones = { open: 'good', locked: 'warn', new: 'over' } as const;

/** Where the keys lie, and how to get at them. */
export function VaultSection() {
  const t = useTranslations();
  const access = useQuery(accessQuery);
  if (access.error && !access.data) return <ProblemCard error={access.error} onRemedy={() => void access.refetch()} />;
  if (!access.data) return null;
  const { kind, state } = access.data.vault;
  return (
    <Section
      title={t('settings.keys')}
      lead={t('vault.lead')}
      mark={kind !== 'none' && <Mark tone={tones[state]}>{t(`vault.state_${state}`)}</Mark>}
    >
      <Facts facts={[[t('vault.kind'), t(`vault.kind_${kind}`)]]} />
      {kind !== 'none' && <What kind={kind} state={state} />}
    </Section>
  );
}

function What({ kind, state }: Access['vault']) {
  const t = useTranslations('vault');
  if (state !== 'open') return <VaultForm state={state} />;
  return <p>{t(kind === 'keychain' ? 'keychainBody' : 'openBody')}</p>;
}
