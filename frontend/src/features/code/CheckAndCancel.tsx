import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { isTyped, situation } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { CancelButton } from './CancelButton';
import { useOrderActions } from './useOrderActions';

/** The two questions that can be put to Stripe about an open code: is it paid, and will you end it. */
export function CheckAndCancel({ order }: { order: Order }) {
  const t = useTranslations('code');
  const card = useTranslations('card');
  const { check, cancel } = useOrderActions(order);
  const failed = check.error ? check : cancel.error ? cancel : undefined;
  const hasCode = situation(order) !== 'starting'; // before there is a code there is nothing to ask about
  const ask = () => {
    if (hasCode && !check.isPending) check.mutate();
  };
  useShortcuts({ a: ask });
  return (
    <>
      {failed?.error && (
        <ProblemCard error={failed.error} onRemedy={() => failed.mutate()} onClose={() => failed.reset()} />
      )}
      <Button icon="again" keyHint="A" aria-keyshortcuts="A" isDisabled={!hasCode} isBusy={check.isPending} onPress={ask}>
        {check.isPending || check.isSuccess || !isTyped(order)
          ? t(check.isPending ? 'checking' : check.isSuccess ? 'checkedShort' : 'check')
          : card('check')}
      </Button>
      <CancelButton order={order} onCancel={() => cancel.mutate()} />
    </>
  );
}
