import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { accessQuery } from '~/api/access';
import { useAdmin } from '~/ui/admin';
import { Button } from '~/ui/Button';
import { useTask } from '~/ui/useTask';
import { PinForm } from './PinForm';
import { PlatformPanel } from './PlatformPanel';
import { Actions, Mark, Section } from './Section';

/** Who may change the connection: the PIN, and what only the administrator sees. */
export function AdminSection() {
  const t = useTranslations();
  const { data: access } = useQuery(accessQuery);
  const { token, unlock, lock } = useAdmin();
  const locking = useTask();
  if (!access) return null;
  const { pinSet } = access;
  return (
    <>
      <Section
        title={t('settings.admin')}
        lead={t('office.lead')}
        mark={pinSet && <Mark tone={token ? 'warn' : 'good'}>{t(token ? 'office.isOpen' : 'office.hasPin')}</Mark>}
      >
        {!pinSet && <p>{t('office.noPin')}</p>}
        {pinSet && (
          <Actions>
            {token ? (
              <Button icon="lock" onPress={() => void locking.run(lock)}>
                {t('office.lock')}
              </Button>
            ) : (
              <Button look="primary" icon="lock" onPress={() => void unlock()}>
                {t('office.unlock')}
              </Button>
            )}
          </Actions>
        )}
        <PinForm key={String(pinSet)} pinSet={pinSet} />
      </Section>
      <PlatformPanel pinSet={pinSet} />
    </>
  );
}
