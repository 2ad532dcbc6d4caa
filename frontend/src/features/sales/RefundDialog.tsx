import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { refundOrder } from '~/api/orders';
import type { Order, Refund, RefundRequest } from '~/api/types';
import { cardName } from '~/domain/card';
import { priceText } from '~/domain/price';
import { Choice } from '~/ui/Choice';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { TextField } from '~/ui/TextField';
import { useOnce } from '~/ui/useOnce';
import { useWho } from '~/ui/useWho';
import styles from './RefundDialog.module.css';
import { madeBy, readAmount, validTickets, whatOf, worthOf, type What } from './refunding';
import { TicketChecks } from './TicketChecks';
import { useKeepOrder } from './useKeepOrder';

interface RefundDialogProps {
  order: Order;
  onClose: () => void;
}

interface Done {
  refund: Refund;
  /** No ticket of the order admits anybody any more. */
  isAllVoid: boolean;
}

/** Gives an order's money back: says what goes back and what becomes of the tickets, before and afterwards. */
export function RefundDialog({ order: now, onClose }: RefundDialogProps) {
  const t = useTranslations('refund');
  const price = usePrice();
  const keep = useKeepOrder();
  const [done, setDone] = useState<Done>();
  const task = useOnce(
    `refund ${now.id}`,
    (key, request: RefundRequest) => refundOrder(now.id, key, request),
    (answer: Order, request) => {
      keep(answer);
      const refund = madeBy(answer, request);
      if (refund) setDone({ refund, isAllVoid: validTickets(answer).length === 0 });
    },
  );
  const { owed } = task;
  const who = useWho(owed);
  const [order] = useState(now); // what is read must not change under a finger
  const { currency } = order.total;
  const asked = owed && { minor: owed.amount ?? owed.left ?? 0, currency };
  const valid = validTickets(order);
  const [what, setWhat] = useState<What>(owed ? whatOf(owed) : 'whole');
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(owed?.ticketIds));
  const [text, setText] = useState(asked ? priceText(asked) : '');
  const left = { minor: order.refundable, currency };
  const typed = readAmount(text, order);
  const amount = asked ?? (what === 'whole' ? left : what === 'tickets' ? worthOf(order, ticked) : { minor: 'minor' in typed ? typed.minor : 0, currency });
  // What takes all that is left is for all tickets: nothing pays for them any more, unless a bank holds a part.
  const isLast = order.disputed === 0 && amount.minor === order.refundable;
  const means = owed ? whatOf(owed) : isLast ? 'whole' : what;
  const voided = means === 'whole' ? valid.filter(({ refunding }) => !refunding).length : means === 'tickets' ? ticked.size : 0;
  const card = order.tenders.find(({ state }) => state === 'paid')?.card;
  const fault = !owed && 'fault' in typed && typed.fault !== 'empty' ? typed.fault : undefined;

  return (
    <DecisionDialog
      title={t('title', { code: order.code })}
      who={who}
      task={task}
      confirm={amount.minor > 0 ? t('yes', { amount: price(amount) }) : t('yesPlain')}
      busy={t('busy')}
      isDisabled={amount.minor <= 0}
      onClose={onClose}
      onConfirm={({ by, note }) =>
        task.run({
          by,
          note,
          left: order.refundable,
          ...(means === 'tickets' ? { ticketIds: [...ticked] } : {}),
          ...(means === 'whole' ? {} : { amount: amount.minor }),
        })
      }
      outcome={done && outcomeOf(done)}
    >
      <Choice
        label={t('what')}
        value={what}
        onChange={setWhat}
        options={(['whole', ...(valid.length > 0 ? (['tickets'] as const) : []), 'amount'] as const).map((id) => ({ id, label: t(id) }))}
      />
      {what === 'tickets' && <TicketChecks label={t('tickets')} tickets={valid} ticked={ticked} onTick={setTicked} />}
      {what === 'amount' && (
        <TextField
          label={t('own')}
          hint={t('ownHint', { amount: price(left) })}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={setText}
          error={fault && t(fault === 'tooMuch' ? 'ownTooMuch' : 'ownWrong', { amount: price(left) })}
        />
      )}
      <p className={styles.means} aria-live="polite">
        {what === 'amount' && amount.minor === 0
          ? t('amountEmpty')
          : t(`${means}Means`, { amount: price(amount), count: voided })}
      </p>
      <p>{card ? t('to', { card: `${cardName(card.brand)} ••${card.last4}` }) : t('toBuyer')}</p>
    </DecisionDialog>
  );

  function outcomeOf({ refund, isAllVoid }: Done) {
    const gone = refund.ticketIds.length;
    if (refund.status === 'refused') return { title: t('refusedTitle'), words: <p>{t('refused')}</p>, isBad: true };
    if (refund.status === 'failed' || refund.status === 'canceled') return { title: t('cameBackTitle'), words: <p>{t('cameBack')}</p>, isBad: true };
    return {
      title: t('done', { amount: price(refund.amount) }),
      words: (
        <>
          <p>{t(refund.status === 'asked' ? 'doneAsked' : 'donePending')}</p>
          <p>{refund.status === 'asked' ? t('doneLater', { count: gone }) : gone === 0 ? t('doneKept') : isAllVoid ? t('doneWhole') : t('doneSome', { count: gone })}</p>
        </>
      ),
    };
  }
}
