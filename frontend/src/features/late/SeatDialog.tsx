import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { catalogueQuery } from '~/api/catalogue';
import { seatLate } from '~/api/late';
import type { LateMoney, SeatLine } from '~/api/types';
import { Button } from '~/ui/Button';
import { Choice } from '~/ui/Choice';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho, type Who } from '~/ui/useWho';
import { leftOf } from './leftOf';
import styles from './SeatDialog.module.css';
import { balanceOf, canSeatSame, linesOf, priceOf, seatsOf, type Pick } from './seating';
import { SeatPicker } from './SeatPicker';
import { useKeepLate } from './useKeepLate';

interface SeatDialogProps {
  money: LateMoney;
  onClose: () => void;
}

/** How price and money compare where not all of the money is here any more. */
const ofRest = { exact: 'exactLeft', cheaper: 'cheaper', dearer: 'dearerLeft', foreign: 'foreignLeft' } as const;

/** Gives seats for late money: those that it was for if they are free, or others; and says how price and money compare. */
export function SeatDialog({ money: now, onClose }: SeatDialogProps) {
  const t = useTranslations('late.seatForm');
  const price = usePrice();
  const [, go] = useLocation();
  const keep = useKeepLate();
  const { data: catalogue } = useQuery(catalogueQuery);
  const [seated, setSeated] = useState<LateMoney>();
  const task = useOnce(
    `seat ${now.id}`,
    (key, body: Who & { lines: SeatLine[] }) => seatLate(now.id, key, body),
    (answer: LateMoney) => {
      keep();
      setSeated(answer);
    },
  );
  const { owed } = task;
  const who = useWho(owed);
  const [money] = useState(now);
  const [canSame] = useState(() => owed?.lines.length === 0 || canSeatSame(money));
  const [how, setHow] = useState<'same' | 'other'>(canSame && !owed?.lines.length ? 'same' : 'other');
  const [picks, setPicks] = useState<readonly Pick[]>(owed?.lines ?? []);
  const left = leftOf(money);
  const chosen = how === 'same' ? money.lines : picks;
  const count = seatsOf(chosen);
  const cost = catalogue && count > 0 ? priceOf(chosen, catalogue) : undefined;
  const order = seated?.resolution;

  return (
    <DecisionDialog
      title={t('title', { amount: price(left) })}
      who={who}
      task={task}
      confirm={t('yes', { count })}
      busy={t('busy')}
      isDisabled={count === 0}
      onConfirm={(signed) => task.run({ ...signed, lines: linesOf(how, picks) })}
      onClose={onClose}
      outcome={
        seated && {
          title: t('done'),
          words: <p>{order?.orderCode ? t('doneBody', { code: order.orderCode }) : t('doneBodyPlain')}</p>,
          actions: order?.orderId && <Button onPress={() => go(`/sales/${order.orderId}`)}>{t('show')}</Button>,
        }
      }
    >
      {isPart(money) && (
        <p>{t('wentBack', { difference: price({ ...left, minor: money.amount.minor - left.minor }), paid: price(money.amount) })}</p>
      )}
      {canSame ? (
        <Choice
          label={t('which')}
          value={how}
          onChange={setHow}
          options={[
            { id: 'same', label: t('same') },
            { id: 'other', label: t('other') },
          ]}
        />
      ) : (
        <p>{t(money.lines.length > 0 ? 'gone' : 'unknown')}</p>
      )}
      {money.lines.length > 0 && (
        <p>
          {t('wasFor', { count: seatsOf(money.lines) })} {how === 'same' && <WasFor money={money} />}
        </p>
      )}
      {how === 'other' && catalogue && <SeatPicker catalogue={catalogue} picks={picks} onPick={setPicks} />}
      <p className={styles.balance} aria-live="polite">
        {count === 0 && t('none')}
        {cost && <Balance cost={cost} money={money} count={count} />}
      </p>
    </DecisionDialog>
  );
}

function WasFor({ money }: { money: LateMoney }) {
  const t = useTranslations('order');
  return <strong>{money.lines.map(({ quantity, name }) => t('line', { quantity, name })).join(', ')}</strong>;
}

function Balance({ cost, money, count }: { cost: LateMoney['amount']; money: LateMoney; count: number }) {
  const t = useTranslations('late.seatForm');
  const price = usePrice();
  const left = leftOf(money);
  const { balance, difference } = balanceOf(cost, left);
  return <>{t(isPart(money) ? ofRest[balance] : balance, { count, price: price(cost), paid: price(left), difference: price(difference) })}</>;
}

function isPart({ amount, left }: LateMoney): boolean {
  return left !== amount.minor;
}
