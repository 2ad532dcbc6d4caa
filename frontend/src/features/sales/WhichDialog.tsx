import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { voidTickets } from '~/api/orders';
import type { Order, Refund, Ticket, VoidRequest } from '~/api/types';
import { Button } from '~/ui/Button';
import { DecisionDialog } from '~/ui/DecisionDialog';
import { usePrice } from '~/ui/Price';
import { useOnce } from '~/ui/useOnce';
import { useWho } from '~/ui/useWho';
import { TicketChecks } from './TicketChecks';
import { useKeepOrder } from './useKeepOrder';

interface WhichDialogProps {
  orderId: string;
  orderCode: string;
  refund: Refund;
  /** Those that still admit somebody. */
  tickets: readonly Ticket[];
  onClose: () => void;
}

/** Asks which tickets a refund was for that somebody made elsewhere; it may have been for none. */
export function WhichDialog({ orderId, orderCode, refund, tickets: now, onClose }: WhichDialogProps) {
  const t = useTranslations('which');
  const price = usePrice();
  const keep = useKeepOrder();
  const [voided, setVoided] = useState<number>();
  const task = useOnce(
    `void ${orderId} ${refund.id}`,
    (_key, request: VoidRequest) => voidTickets(orderId, request),
    (order: Order, request) => {
      keep(order);
      setVoided(request.ticketIds.length);
    },
  );
  const who = useWho(task.owed);
  const [tickets] = useState(now); // what is read must not change under a finger
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(task.owed?.ticketIds));
  const answer = (ticketIds: string[]) => {
    const signed = who.sign();
    if (signed) task.run({ refundId: refund.id, ticketIds, ...signed });
  };
  return (
    <DecisionDialog
      title={t('title')}
      who={who}
      task={task}
      confirm={t('yes', { count: ticked.size })}
      busy={t('busy')}
      isDisabled={ticked.size === 0}
      others={
        <Button isDisabled={ticked.size > 0 || task.isPending} onPress={() => answer([])}>
          {t('none')}
        </Button>
      }
      onClose={onClose}
      onConfirm={() => answer([...ticked])}
      onAgain={() => answer([...ticked])}
      outcome={
        voided === undefined
          ? undefined
          : { title: t('done', { count: voided }), words: <p>{t('doneBody', { count: voided })}</p> }
      }
    >
      <p>{t('body', { amount: price(refund.amount), code: orderCode })}</p>
      <p>{t('hint')}</p>
      <TicketChecks label={t('title')} tickets={tickets} ticked={ticked} onTick={setTicked} />
    </DecisionDialog>
  );
}
