import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { eventsQuery, type EventEdit, type Importable } from '~/api/events';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { draftOf, importedDraft, newDraft } from './draft';
import { EventEditor } from './EventEditor';
import { ImportScreen } from './ImportScreen';

export interface EditorScreenProps {
  /** The event's id; `new` for one that begins empty, `import` for one that begins with what Stripe has. */
  id: string;
  onBack: () => void;
  onSaved: (event: EventEdit) => void;
}

/** What an event is set up on. */
export function EditorScreen({ id, onBack, onSaved }: EditorScreenProps) {
  const t = useTranslations('events');
  const { data: events, error, refetch } = useQuery(eventsQuery);
  const [products, setProducts] = useState<readonly Importable[]>();
  if (!events) return error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : null;

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const currency = events.flatMap((event) => event.ticketTypes).at(-1)?.price.currency ?? 'eur';
  const shared = { currency, onBack, onSaved };
  if (id === 'new') return <EventEditor start={newDraft(zone, currency)} live={undefined} {...shared} />;
  if (id === 'import') {
    if (!products) return <ImportScreen onBack={onBack} onPick={setProducts} />;
    return <EventEditor start={importedDraft(products, zone, currency)} live={undefined} {...shared} />;
  }
  const live = events.find((event) => event.id === id);
  if (live) return <EventEditor start={draftOf(live)} live={live} {...shared} />;
  return (
    <Empty
      action={
        <Button look="primary" icon="back" onPress={onBack}>
          {t('back')}
        </Button>
      }
    >
      {t('unknown')}
    </Empty>
  );
}
