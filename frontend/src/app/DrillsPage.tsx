import { useLocation } from 'wouter';
import { DrillsScreen } from '~/features/drills/DrillsScreen';

export default function DrillsPage() {
  const [, go] = useLocation();
  return <DrillsScreen onSettings={() => go('/settings/book')} />;
}
