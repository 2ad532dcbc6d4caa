import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import { openOrdersQuery, orderQuery, placeOrder } from '~/api/orders';
import { Problem } from '~/api/problem';
import type { Order, Tender } from '~/api/types';
import { useAnnounce } from '~/ui/announcer';
import { canPay, requestOf, type CartItem } from './cart';
import { useCart } from './CartProvider';

/**
 * Turns the cart into an order, once: a second tap while the first is under way is ignored here, and would be the same
 * order for the server, because the key belongs to the cart. The key is renewed only by a definite answer.
 */
export function usePay(items: readonly CartItem[], onPlaced: (order: Order) => void) {
  const queries = useQueryClient();
  const { cart, restart, renewKey } = useCart();
  const announce = useAnnounce();
  const t = useTranslations('sell');
  const underWay = useRef(false);
  const mutation = useMutation({
    mutationFn: (tender: Tender['kind']) => placeOrder(cart.key, requestOf(items, cart.buyerEmail, tender)),
    onSuccess: (order) => {
      queries.setQueryData(orderQuery(order.id).queryKey, order);
      // It waits from now on; the till's own list of what waits comes a moment later.
      if (order.status === 'awaiting_payment') queries.setQueryData(openOrdersQuery.queryKey, (list) => list && { ...list, orders: [order, ...list.orders.filter(({ id }) => id !== order.id)] });
      restart();
      onPlaced(order);
    },
    onError: (error) => {
      if (error instanceof Problem && !error.outcomeUnknown) renewKey();
    },
    onSettled: () => {
      underWay.current = false;
      void queries.invalidateQueries({ queryKey: catalogueQuery.queryKey });
    },
  });
  return {
    pay: (tender: Tender['kind'] = 'phone') => {
      if (underWay.current || !canPay(items)) return;
      underWay.current = true;
      announce(t('paying'));
      mutation.mutate(tender);
    },
    /** The tender of the last try, for trying the same again. */
    tender: mutation.variables ?? 'phone',
    isPaying: mutation.isPending,
    error: mutation.error,
    dismiss: mutation.reset,
  };
}
