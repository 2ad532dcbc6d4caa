import { useMutation, useQueryClient } from '@tanstack/react-query';
import { catalogueQuery } from '~/api/catalogue';
import { eventsQuery, mirrorEvent, saveEvent, type EventEdit } from '~/api/events';

/** Keeps an event, or has Stripe asked again; what the till answers stands in the list of events at once. */
export function useSave(onSaved: (event: EventEdit) => void) {
  const queries = useQueryClient();
  const keep = (event: EventEdit) => {
    queries.setQueryData(eventsQuery.queryKey, (events) => {
      const isKnown = events?.some(({ id }) => id === event.id);
      return isKnown ? events?.map((one) => (one.id === event.id ? event : one)) : [...(events ?? []), event];
    });
    void queries.invalidateQueries({ queryKey: catalogueQuery.queryKey });
  };
  const save = useMutation({
    mutationFn: saveEvent,
    onSuccess: (event) => {
      keep(event);
      onSaved(event);
    },
  });
  const mirror = useMutation({ mutationFn: mirrorEvent, onSuccess: keep });
  return { save, mirror };
}
