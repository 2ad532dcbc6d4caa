import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';

/** Catches what no screen should throw, and offers the way on instead of a white page. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const t = useTranslations('app');
  return (
    <main role="alert">
      <Empty
        action={
          <Button look="primary" onPress={() => window.location.reload()}>
            {t('crashedAction')}
          </Button>
        }
      >
        <strong>{t('crashed')}</strong> {t('crashedMoney')}
      </Empty>
    </main>
  );
}
