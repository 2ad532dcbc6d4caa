import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Problem, type FailureCode } from '~/api/problem';
import { ProblemCard, type Instead } from './ProblemCard';

interface DecisionProblemProps {
  error: Error;
  /** Nobody knows whether it was done: all that can be done is the same again. */
  isUnsure: boolean;
  onAgain: () => void;
  onRefresh: () => void;
  onClose: () => void;
}

/** Of these failures the catalogue speaks as a decision needs it; of all others as a sale does. */
const fitting: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'unknown_order',
  'unknown_ticket',
  'ticket_refunded',
  'not_refundable',
  'refund_too_large',
  'bad_amount',
  'money_moved',
  'who_missing',
  'unknown_discrepancy',
  'already_resolved',
  'not_possible',
]);

/** A failure of a decision about money, which is no sale: whether it may have been done, and what can be done now. */
export function DecisionProblem({ error, isUnsure, onAgain, onRefresh, onClose }: DecisionProblemProps) {
  const t = useTranslations('who');
  const place = useRef<HTMLDivElement>(null);
  // What was pressed may be below the fold, disabled or gone; the failure is what has to be seen now.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1}>
      <ProblemCard
        error={error}
        instead={isUnsure ? unsureWords(error) : wordsOf(error)}
        onRemedy={(remedy) => {
          if (remedy === 'again') onAgain();
          else if (remedy === 'reload') window.location.reload();
          else onRefresh();
        }}
        onClose={isUnsure ? undefined : onClose}
      />
    </div>
  );

  function unsureWords(failure: Error): Instead {
    const isNotHere = failure instanceof Problem && failure.isNotHere;
    return { reason: '', remedy: 'again', ...(isNotHere ? { title: t('notHereTitle'), money: t('notHere') } : { money: t('unsure') }) };
  }

  function wordsOf(failure: Error): Instead {
    if (!(failure instanceof Problem)) return {};
    const { code, detail, remedy } = failure;
    switch (code) {
      case 'stripe_refused':
        return { title: t('refusedTitle'), reason: detail, money: t('refused'), remedy: 'again' };
      case 'stripe_key':
      case 'stripe_permission':
        return { title: t('keyTitle'), reason: detail, money: t('key') };
      case 'sold_out':
        return { money: t('noRoom') };
      case 'idempotency_mismatch':
        return { title: t('otherTitle'), money: t('other'), remedy: 'refresh' };
      default:
        if (fitting.has(code)) return {};
        return { money: t('nothingDone'), ...(remedy === 'change' || remedy === 'correct' ? { remedy: 'edit' as const } : {}) };
    }
  }
}
