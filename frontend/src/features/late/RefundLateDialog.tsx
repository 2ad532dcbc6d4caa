import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { refundLate } from '~/api/late';
import type { LateMoney } from '~/api/types';
import { cardName } from '~/domain/card';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho, type Who } from '~/ui/useWho';
import { useKeepLate } from './useKeepLate';

interface RefundLateDialogProps {
  money: LateMoney;
  onClose: () => void;
}

/** Gives late money back: how much, where to, and that it takes days. */
export function RefundLateDialog({ money, onClose }: RefundLateDialogProps) {
  const t = useTranslations('late.refundForm');
  const price = usePrice();
  const keep = useKeepLate();
  const [answer, setAnswer] = useState<LateMoney>();
  const task = useOnce(
    `refund ${money.id}`,
    (key, body: Who & { left: number }) => refundLate(money.id, key, body),
    (given: LateMoney) => {
      keep();
      setAnswer(given);
    },
  );
  const who = useWho(task.owed);
  const [left] = useState(task.owed?.left ?? money.left); // what is read must not change under a finger
  const amount = price({ minor: left, currency: money.amount.currency });
  const { card } = money;
  return (
    <DecisionDialog
      title={t('title', { amount })}
      who={who}
      task={task}
      confirm={t('yes', { amount })}
      busy={t('busy')}
      onConfirm={(signed) => task.run({ ...signed, left })}
      onClose={onClose}
      outcome={answer && outcomeOf(answer)}
    >
      <p>
        <strong>{card ? t('toCard', { amount, card: `${cardName(card.brand)} ••${card.last4}` }) : t('toBuyer', { amount })}</strong>
      </p>
      <p>{t(money.reason === 'refund_failed' ? 'again' : 'means')}</p>
    </DecisionDialog>
  );

  function outcomeOf({ refunds, resolution }: LateMoney) {
    // Money that came back of an order has its refunds there, so that what became of this one is not known here.
    const status = (refunds.find(({ id }) => id === resolution?.refundId) ?? refunds.at(-1))?.status;
    if (status === 'refused') return { title: t('refusedTitle'), words: <p>{t('refused')}</p>, isBad: true };
    if (status === 'failed' || status === 'canceled') return { title: t('cameBackTitle'), words: <p>{t('cameBack')}</p>, isBad: true };
    return { title: t('done', { amount }), words: <p>{t(!status ? 'doneOfOrder' : status === 'asked' ? 'doneAsked' : 'doneBody')}</p> };
  }
}
