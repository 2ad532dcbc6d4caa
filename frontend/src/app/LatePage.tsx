import { LateScreen } from '~/features/late/LateScreen';
import { WhichDialog } from '~/features/sales/WhichDialog';

/** The late-money desk, with the question of the sales beside it: which tickets a refund was for. */
export default function LatePage() {
  return (
    <LateScreen
      answer={({ orderId, orderCode, refund, tickets }, onClose) => (
        <WhichDialog orderId={orderId} orderCode={orderCode} refund={refund} tickets={tickets} onClose={onClose} />
      )}
    />
  );
}
