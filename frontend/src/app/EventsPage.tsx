import { useLocation } from 'wouter';
import { EditorScreen } from '~/features/events/EditorScreen';
import { EventsScreen } from '~/features/events/EventsScreen';

/** All events, or the one that is set up. */
export default function EventsPage({ id }: { id?: string }) {
  const [, go] = useLocation();
  if (!id) return <EventsScreen onOpen={(opened) => go(`/events/${opened}`)} />;
  return (
    <EditorScreen
      id={id}
      onBack={() => go('/events')}
      onSaved={(event) => go(`/events/${event.id ?? ''}`, { replace: true })}
    />
  );
}
