import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Connection } from '~/api/types';
import { Button } from '~/ui/Button';
import { KeyPanel } from './KeyPanel';
import { Actions, Facts } from './Section';
import { Troubles } from './Troubles';

const DisconnectDialog = lazy(() => import('./DisconnectDialog'));

/** The account that the book sells on, what could be better, and the way out. */
export function Connected({ connection }: { connection: Connection }) {
  const t = useTranslations('connect');
  const [open, setOpen] = useState<'key' | 'disconnect'>();
  const { accountName, accountId, warnings, publishable, livemode } = connection;
  const name = accountName ?? accountId ?? t('unnamed');
  return (
    <>
      <Facts
        facts={[
          [t('account'), <bdi key="account">{accountName && accountId ? `${accountName} · ${accountId}` : name}</bdi>],
          [t('via'), t(`via_${wayOf(connection)}`)],
          [t('kind'), t(livemode ? 'kindLive' : 'kindTest')],
          [t('typed'), t(publishable ? 'typedYes' : 'typedNo')],
        ]}
      />
      {warnings.length > 0 && (
        <>
          <h3>{t('warnings')}</h3>
          <Troubles troubles={warnings} tone="warn" />
        </>
      )}
      <Actions>
        {connection.via === 'key' && open !== 'key' && <Button onPress={() => setOpen('key')}>{t('newKey')}</Button>}
        <Button look="danger" onPress={() => setOpen('disconnect')}>
          {t('disconnect')}
        </Button>
      </Actions>
      {open === 'key' && <KeyPanel livemode={livemode} onDone={() => setOpen(undefined)} />}
      <Suspense>{open === 'disconnect' && <DisconnectDialog onClose={() => setOpen(undefined)} />}</Suspense>
    </>
  );
}

function wayOf({ via, keyKind }: Connection): 'simulator' | 'oauth' | 'restricted' | 'secret' {
  return via === 'key' ? (keyKind ?? 'restricted') : (via ?? 'simulator');
}
