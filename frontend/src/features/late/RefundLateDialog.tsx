import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { refundLate } from '~/api/late';
import type { LateMoney } from '~/api/types';
import { cardName } from '~/domain/card';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho, type Who } from '~/ui/useWho';
import { leftOf } from './leftOf';
import { useKeepLate } from './useKeepLate';

interface RefundLateDialogProps {
  money: LateMoney;
  onClose: () => void;
}

/** Gives late money back: how much, where to, and that it takes days. */
export function RefundLateDialog({ money: now, onClose }: RefundLateDialogProps) {
  const t = useTranslations('late.refundForm');
  const price = usePrice();
  const keep = useKeepLate();
  const [money] = useState(now);
  const [answer, setAnswer] = useState<LateMoney>();
  const task = useOnce(
    `refund ${money.id}`,
    (key, body: Who) => refundLate(money.id, key, { ...body, left: leftOf(money).minor }),
    (given: LateMoney) => {
      keep();
      setAnswer(given);
    },
  );
  const who = useWho(task.owed);
  const amount = price(leftOf(money));
  const { card } = money;
  // Money that came back of an order has its refunds there, so that what became of this one is not known here.
  const status = answer?.refunds.at(-1)?.status;
  return (
    <DecisionDialog
      title={t('title', { amount })}
      who={who}
      task={task}
      confirm={t('yes', { amount })}
      busy={t('busy')}
      onConfirm={task.run}
      onClose={onClose}
      outcome={
        !answer
          ? undefined
          : status === 'refused'
            ? { title: t('refusedTitle'), words: <p>{t('refused')}</p>, isBad: true }
            : { title: t('done', { amount }), words: <p>{t(!status ? 'doneOfOrder' : status === 'asked' ? 'doneAsked' : 'doneBody')}</p> }
      }
    >
      <p>
        <strong>{card ? t('toCard', { amount, card: `${cardName(card.brand)} ••${card.last4}` }) : t('toBuyer', { amount })}</strong>
      </p>
      <p>{t(money.reason === 'refund_failed' ? 'again' : 'means')}</p>
    </DecisionDialog>
  );
}
