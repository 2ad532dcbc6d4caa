import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { keepLate } from '~/api/late';
import type { LateMoney } from '~/api/types';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho, type Who } from '~/ui/useWho';
import { isNoted } from './leftOf';
import { useKeepLate } from './useKeepLate';

interface KeepDialogProps {
  money: LateMoney;
  onClose: () => void;
}

/** Keeps late money, as a donation or because it was settled in another way; or notes that nothing is left of it. */
export function KeepDialog({ money, onClose }: KeepDialogProps) {
  const t = useTranslations('late.keepForm');
  const price = usePrice();
  const keep = useKeepLate();
  const [kept, setKept] = useState(false);
  const task = useOnce(
    `keep ${money.id}`,
    (key, body: Who & { left: number }) => keepLate(money.id, key, body),
    () => {
      keep();
      setKept(true);
    },
  );
  const who = useWho(task.owed);
  const [left] = useState(task.owed?.left ?? money.left); // what is read must not change under a finger
  const amount = price({ minor: left, currency: money.amount.currency });
  const noted = isNoted({ ...money, left });
  return (
    <DecisionDialog
      title={t(noted ? 'noteTitle' : 'title', { amount })}
      who={who}
      task={task}
      confirm={t(noted ? 'note' : 'yes', { amount })}
      busy={t('busy')}
      onConfirm={(signed) => task.run({ ...signed, left })}
      onClose={onClose}
      outcome={kept ? { title: t(noted ? 'noteDone' : 'done', { amount }), words: <p>{t('doneBody')}</p> } : undefined}
    >
      <p>{t(noted ? 'noteMeans' : money.reason === 'refund_failed' ? 'meansBack' : 'means', { amount })}</p>
      {!noted && <p>{t('noteHint')}</p>}
    </DecisionDialog>
  );
}
