import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { orderQuery } from '~/api/orders';
import type { Order } from '~/api/types';
import { isOver } from '~/domain/situation';
import { useAnnounce } from '~/ui/announcer';
import { ProblemCard } from '~/ui/ProblemCard';
import { EndedView } from './EndedView';
import { OpenView } from './OpenView';
import { PaidView } from './PaidView';
import { useParked } from './ParkedProvider';
import { useOutcome } from './useOutcome';
import styles from './CodeScreen.module.css';

export interface CodeScreenProps {
  /** Id or code of the order. */
  id: string;
  /** The buyer's phone beside the till, when there is one to play with. */
  phone: (order: Order) => ReactNode;
  /** The code stays payable, or the sale is over: the next customer. */
  onNext: () => void;
  /** The same tickets again. */
  onSellAgain: (order: Order) => void;
  onStory: (order: Order) => void;
}

/** One order from its code to its end. The stream moves it on by itself. */
export function CodeScreen({ id, ...rest }: CodeScreenProps) {
  const order = useQuery(orderQuery(id));
  const queries = useQueryClient();
  if (order.data) return <Standing order={order.data} {...rest} />;
  if (!order.error) return null;
  return (
    <div className={styles.problem}>
      <ProblemCard error={order.error} onRemedy={() => void queries.refetchQueries()} onClose={rest.onNext} />
    </div>
  );
}

function Standing({ order, phone, onNext, onSellAgain, onStory }: Omit<CodeScreenProps, 'id'> & { order: Order }) {
  const { acknowledge } = useParked();
  const over = isOver(order);
  const sentence = useOutcome(order);
  const announce = useAnnounce();
  useEffect(() => {
    if (!over) return;
    acknowledge(order.id);
    announce(sentence, true);
  }, [over, order.id, acknowledge, announce, sentence]);

  if (order.status === 'paid') return <PaidView order={order} onNext={onNext} onStory={() => onStory(order)} />;
  if (!over) return <OpenView order={order} phone={phone(order)} onPark={onNext} />;
  return (
    <EndedView
      order={order}
      onSellAgain={() => onSellAgain(order)}
      onNext={onNext}
      onStory={() => onStory(order)}
    />
  );
}
