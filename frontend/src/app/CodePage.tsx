import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { statusQuery } from '~/api/status';
import { CodeScreen } from '~/features/code/CodeScreen';
import { TrainingPhone } from '~/features/phone/TrainingPhone';
import { useCart } from '~/features/sell/CartProvider';
import { isTyped, lastTender } from '~/domain/situation';

/** The code, with the buyer's phone beside it in training; a card that is typed here needs no phone. */
export default function CodePage({ id }: { id: string }) {
  const [, go] = useLocation();
  const { restart } = useCart();
  const { data: status } = useQuery(statusQuery);
  return (
    <CodeScreen
      id={id}
      phone={(order) =>
        status?.mode === 'training' && !isTyped(order) ? <TrainingPhone page={lastTender(order)?.trainingPhone} /> : null
      }
      onNext={() => go('/sell')}
      onSellAgain={(order) => {
        restart(order.lineItems);
        go('/sell');
      }}
      onStory={(order) => go(`/sales/${order.id}`)}
    />
  );
}
