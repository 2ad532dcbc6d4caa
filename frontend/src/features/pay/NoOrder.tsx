import { useTranslations } from 'use-intl';
import { PayFrame } from './PayFrame';
import { TroubleCard } from './TroubleCard';

/** The page without an order in its address: somebody typed it, or lost half of it. */
export function NoOrder() {
  const t = useTranslations('pay');
  return (
    <PayFrame>
      <TroubleCard title={t('noOrder')} money={t('noOrderNext')} />
    </PayFrame>
  );
}
