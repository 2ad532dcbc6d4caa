import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { platformQuery } from '~/api/connection';
import { useAdmin } from '~/ui/admin';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/CopyButton';
import { ProblemCard } from '~/ui/ProblemCard';
import { PlatformForm } from './PlatformForm';
import styles from './PlatformPanel.module.css';
import { Actions, Section } from './Section';

/** The platform that asks organizers for their consent. Seen by the administrator alone, and by nobody in full. */
export function PlatformPanel({ pinSet }: { pinSet: boolean }) {
  const t = useTranslations('office');
  const { token, unlock } = useAdmin();
  const platform = useQuery(platformQuery(token));
  if (!pinSet || !token) {
    return (
      <Section title={t('platform')} lead={t('platformLead')}>
        <p>{t(pinSet ? 'platformLocked' : 'platformPin')}</p>
        {pinSet && (
          <Actions>
            <Button icon="lock" onPress={() => void unlock()}>
              {t('unlock')}
            </Button>
          </Actions>
        )}
      </Section>
    );
  }
  return (
    <Section title={t('platform')} lead={t('platformLead')}>
      {platform.error && (
        <ProblemCard error={platform.error} onRemedy={(next) => void (next === 'pin' ? unlock() : platform.refetch())} />
      )}
      {platform.data && !platform.error && (
        <>
          <div className={styles.redirect}>
            <h3>{t('redirect')}</h3>
            <p>{t('redirectLead')}</p>
            <code>{platform.data.redirect}</code>
            <CopyButton name={t('redirect')} text={platform.data.redirect} />
          </div>
          <PlatformForm platform={platform.data} />
        </>
      )}
    </Section>
  );
}
