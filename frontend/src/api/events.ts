import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { components } from './schema';

export type EventEdit = components['schemas']['EventEdit'];
export type PerformanceEdit = components['schemas']['PerformanceEdit'];
export type TicketTypeEdit = components['schemas']['TicketTypeEdit'];
export type QuotaEdit = components['schemas']['QuotaEdit'];
export type Mirror = components['schemas']['Mirror'];
export type Importable = components['schemas']['Importable'];

/** Every event as it is set up, the archived ones too. */
export const eventsQuery = queryOptions({
  queryKey: ['events'],
  queryFn: async ({ signal }) => (await answered(client.GET('/api/events', { signal }))).events,
});

/** What Stripe sells already. It is asked each time: nobody tells the till when somebody changes it. */
export const importableQuery = queryOptions({
  queryKey: ['importable'],
  queryFn: async ({ signal }) => (await answered(client.GET('/api/import', { signal }))).products,
  staleTime: 0,
});

/** Keeps an event, all of it or nothing; without an id it is a new one. */
export function saveEvent(edit: EventEdit): Promise<EventEdit> {
  if (!edit.id) return answered(client.POST('/api/events', { body: edit }));
  return answered(client.PUT('/api/events/{event}', { params: { path: { event: edit.id } }, body: edit }));
}

/** Has Stripe asked again for what it refused of the event. */
export function mirrorEvent(id: string): Promise<EventEdit> {
  return answered(client.POST('/api/events/{event}/mirror', { params: { path: { event: id } } }));
}
