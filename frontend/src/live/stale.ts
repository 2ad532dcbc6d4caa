import type { QueryKey } from '@tanstack/react-query';
import { catalogueQuery } from '~/api/catalogue';
import { lateKey } from '~/api/late';
import { statusQuery } from '~/api/status';
import type { Change } from '~/api/types';

const orders: QueryKey = ['orders'];
const events: QueryKey = ['events'];
const posters: QueryKey = ['posters'];
const closing: readonly QueryKey[] = [['closing'], ['payouts'], ['reconciliation']];
const howConnected: readonly QueryKey[] = [['connection'], ['access'], ['books'], ['platform']];

/** The queries that each kind of change makes stale. An order moves seats, so the catalogue goes with it, and the
 * poster that it may have begun at; its refunds are asked about at the late-money desk, and
 * its money is part of a close. */
const staleBy: Record<Change['kind'], readonly QueryKey[]> = {
  order: [orders, lateKey, posters, catalogueQuery.queryKey, events, statusQuery.queryKey, ...closing],
  catalogue: [catalogueQuery.queryKey, events],
  poster: [posters, orders, catalogueQuery.queryKey, events],
  connection: [...howConnected, statusQuery.queryKey],
  discrepancy: [lateKey, orders, catalogueQuery.queryKey, ...closing],
  stripe: [statusQuery.queryKey, ['reconciliation']],
  statement: closing,
};

/** The keys that a change makes stale; a kind that is newer than this screen makes everything stale. */
export function staleKeys(kind: Change['kind']): readonly QueryKey[] {
  return Object.hasOwn(staleBy, kind) ? staleBy[kind] : [[]];
}
