import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { components } from './schema';

export type Drill = components['schemas']['Drill'];

/** What a trainer can bring about at the simulated Stripe; a problem outside training. */
export const drillsQuery = queryOptions({
  queryKey: ['drills'],
  queryFn: async ({ signal }) => (await answered(client.GET('/api/training/drills', { signal }))).drills,
});

/** Begins a lasting drill or ends it. */
export async function setDrill(drill: string, on: boolean): Promise<Drill[]> {
  return (await answered(client.PUT('/api/training/drills/{drill}', { params: { path: { drill } }, body: { on } }))).drills;
}

/** Holds a drill that is done at once; `days` for those that say how long the till was away. */
export async function doDrill(drill: string, days?: number): Promise<Drill[]> {
  const body = days === undefined ? {} : { days };
  return (await answered(client.PUT('/api/training/drills/{drill}', { params: { path: { drill } }, body }))).drills;
}

/** Ends every drill. */
export async function endDrills(): Promise<Drill[]> {
  return (await answered(client.DELETE('/api/training/drills'))).drills;
}
