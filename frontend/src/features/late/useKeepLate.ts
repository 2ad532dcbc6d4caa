import { useQueryClient } from '@tanstack/react-query';
import { catalogueQuery } from '~/api/catalogue';
import { lateKey } from '~/api/late';

/** Has asked anew for all that a decision about late money touches. */
export function useKeepLate(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [lateKey, ['orders'], catalogueQuery.queryKey]) void queries.invalidateQueries({ queryKey });
  };
}
