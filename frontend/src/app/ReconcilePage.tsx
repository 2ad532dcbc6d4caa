import { useLocation } from 'wouter';
import { parsePeriod, periodText } from '~/domain/period';
import { ReconcileScreen } from '~/features/reconcile/ReconcileScreen';

/** The close of the period in the address, so that a look at an order and back loses nothing. */
export default function ReconcilePage({ period }: { period?: string }) {
  const [, go] = useLocation();
  return (
    <ReconcileScreen
      period={parsePeriod(period)}
      onPeriod={(picked) => go(`/reconcile/${periodText(picked)}`, { replace: true })}
    />
  );
}
