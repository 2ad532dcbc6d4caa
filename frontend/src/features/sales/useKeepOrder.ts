import { useQueryClient } from '@tanstack/react-query';
import { catalogueQuery } from '~/api/catalogue';
import { lateKey } from '~/api/late';
import { orderQuery } from '~/api/orders';
import type { Order } from '~/api/types';

/** Puts the order that came back in its place, and has asked anew for all that its money and its seats touch. */
export function useKeepOrder(): (order: Order) => void {
  const queries = useQueryClient();
  return (order) => {
    queries.setQueryData(orderQuery(order.id).queryKey, order);
    queries.setQueryData(orderQuery(order.code).queryKey, (old) => old && order);
    for (const queryKey of [['orders'], lateKey, catalogueQuery.queryKey]) void queries.invalidateQueries({ queryKey });
  };
}
