import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { canCancel, isTyped } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { useShortcuts } from '~/ui/shortcuts';

const CancelDialog = lazy(() => import('./CancelDialog'));

/** Cancels the order, after a question. */
export function CancelButton({ order, onCancel }: { order: Order; onCancel: () => void }) {
  const t = useTranslations('code');
  const [asks, setAsks] = useState(false);
  const possible = canCancel(order);
  useShortcuts({ c: possible ? () => setAsks(true) : undefined });
  return (
    <>
      <Button look="danger" icon="cross" keyHint="C" aria-keyshortcuts="C" isDisabled={!possible} onPress={() => setAsks(true)}>
        {t('cancel')}
      </Button>
      {asks && possible && (
        <Suspense>
          <CancelDialog
            code={order.code}
            isTyped={isTyped(order)}
            onClose={() => setAsks(false)}
            onConfirm={() => {
              setAsks(false);
              onCancel();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
