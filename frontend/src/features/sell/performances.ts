import type { Catalogue, Event, Performance } from '~/api/types';

/** A performance with the event it belongs to. */
export interface Dated {
  readonly event: Event;
  readonly performance: Performance;
}

/** All performances on sale, the next one first. */
export function performancesOf(catalogue: Catalogue): Dated[] {
  return catalogue.events
    .flatMap((event) => event.performances.map((performance) => ({ event, performance })))
    .sort((a, b) => Date.parse(a.performance.startsAt) - Date.parse(b.performance.startsAt));
}
