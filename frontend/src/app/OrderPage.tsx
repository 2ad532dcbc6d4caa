import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { Order } from '~/api/types';
import { isOver, isTyped } from '~/domain/situation';
import { CheckAndCancel } from '~/features/code/CheckAndCancel';
import { OrderScreen } from '~/features/sales/OrderScreen';
import { Button } from '~/ui/Button';

/** An order's story, with what can still be done about it. */
export default function OrderPage({ id }: { id: string }) {
  const [, go] = useLocation();
  return (
    <OrderScreen
      id={id}
      onBack={() => go('/sales')}
      actions={(order) => !isOver(order) && <Actions order={order} onShow={() => go(`/code/${order.id}`)} />}
    />
  );
}

function Actions({ order, onShow }: { order: Order; onShow: () => void }) {
  const t = useTranslations();
  const typed = isTyped(order);
  return (
    <>
      <Button look="primary" icon={typed ? 'card' : 'phone'} onPress={onShow}>
        {typed ? t('card.showPage') : t('order.showCode')}
      </Button>
      <CheckAndCancel order={order} />
    </>
  );
}
