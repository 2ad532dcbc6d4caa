import { useLocation } from 'wouter';
import { SalesScreen } from '~/features/sales/SalesScreen';
import { useSalesFilter } from './salesFilter';

export default function SalesPage() {
  const [, go] = useLocation();
  const [filter, setFilter] = useSalesFilter();
  return <SalesScreen filter={filter} onFilter={setFilter} onSell={() => go('/sell')} />;
}
