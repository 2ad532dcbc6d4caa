import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelOrder, checkOrder, orderQuery } from '~/api/orders';
import type { Order } from '~/api/types';

/** Asking Stripe now, and asking Stripe to end the code. Each puts the order that comes back in its place. */
export function useOrderActions(order: Order) {
  const queries = useQueryClient();
  const keep = (answer: Order) => {
    queries.setQueryData(orderQuery(order.id).queryKey, answer);
    queries.setQueryData(orderQuery(order.code).queryKey, (old) => old && answer);
    void queries.invalidateQueries({ queryKey: ['orders'] });
  };
  const check = useMutation({ mutationFn: () => checkOrder(order.id), onSuccess: keep });
  const cancel = useMutation({ mutationFn: () => cancelOrder(order.id), onSuccess: keep });
  return { check, cancel };
}
