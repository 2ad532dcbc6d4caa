import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { keepLate } from '~/api/late';
import type { LateMoney } from '~/api/types';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho, type Who } from '~/ui/useWho';
import { leftOf } from './leftOf';
import { useKeepLate } from './useKeepLate';

interface KeepDialogProps {
  money: LateMoney;
  onClose: () => void;
}

/** Keeps late money, as a donation or because it was settled in another way. */
export function KeepDialog({ money: now, onClose }: KeepDialogProps) {
  const t = useTranslations('late.keepForm');
  const price = usePrice();
  const keep = useKeepLate();
  const [money] = useState(now);
  const [kept, setKept] = useState(false);
  const task = useOnce(
    `keep ${money.id}`,
    (key, body: Who) => keepLate(money.id, key, { ...body, left: leftOf(money).minor }),
    () => {
      keep();
      setKept(true);
    },
  );
  const who = useWho(task.owed);
  const amount = price(leftOf(money));
  return (
    <DecisionDialog
      title={t('title', { amount })}
      who={who}
      task={task}
      confirm={t('yes', { amount })}
      busy={t('busy')}
      onConfirm={task.run}
      onClose={onClose}
      outcome={kept ? { title: t('done', { amount }), words: <p>{t('doneBody')}</p> } : undefined}
    >
      <p>{t(money.reason === 'refund_failed' ? 'meansBack' : 'means', { amount })}</p>
      <p>{t('noteHint')}</p>
    </DecisionDialog>
  );
}
