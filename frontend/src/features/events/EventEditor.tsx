import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { eventsQuery, type EventEdit } from '~/api/events';
import { Problem, type Remedy } from '~/api/problem';
import { useAnnounce } from '~/ui/announcer';
import { ProblemCard } from '~/ui/ProblemCard';
import { useUnsaved } from '~/ui/unsaved';
import { AboutSection } from './AboutSection';
import { ArchiveSection } from './ArchiveSection';
import { draftOf, type Draft } from './draft';
import { editOf } from './edit';
import styles from './Editor.module.css';
import { EditorHead } from './EditorHead';
import { EditorProvider, useFaultWords, type Editor } from './editor';
import { standing } from './faults';
import { FaultSummary } from './FaultSummary';
import { PerformancesSection } from './PerformancesSection';
import { QuotasSection } from './QuotasSection';
import { SaveBar } from './SaveBar';
import { TypesSection } from './TypesSection';
import { useSave } from './useSave';

interface EventEditorProps {
  /** What the fields begin with. */
  start: Draft;
  /** The event as the book has it now; absent for a new one. */
  live: EventEdit | undefined;
  /** What a new ticket type is priced in. */
  currency: string;
  onBack: () => void;
  onSaved: (event: EventEdit) => void;
}

/** An event with its performances, ticket types and seats; one Save for all of it. */
export function EventEditor({ start, live, currency, onBack, onSaved }: EventEditorProps) {
  const t = useTranslations('events');
  const announce = useAnnounce();
  const words = useFaultWords();
  const queries = useQueryClient();
  const [base, setBase] = useState(start);
  const [draft, change] = useState(start);
  const [tried, setTried] = useState<{ draft: Draft }>();
  const summary = useRef<HTMLDivElement>(null);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(base) || base.id === undefined;
  const release = useUnsaved(isDirty && draft !== start);

  const begin = (event: EventEdit) => {
    const fresh = draftOf(event);
    setBase(fresh);
    change(fresh);
    setTried(undefined);
  };
  const { save, mirror } = useSave((event) => {
    begin(event);
    release();
    announce(t('saved'));
    onSaved(event);
  });
  // Somebody else has saved it, and nothing has been typed here: show theirs.
  if (live && !isDirty && !save.isPending && (live.revision ?? 0) > base.revision) begin(live);

  const { edit, faults: own } = editOf(draft);
  const refused = save.error instanceof Problem ? save.error : undefined;
  const told = standing(refused?.faults ?? [], tried?.draft, draft);
  const faults = tried ? [...own.map((fault) => ({ at: fault.at, message: words(fault) })), ...told] : [];

  // Each Save that finds something leads to what it found, whether this screen saw it or the till's program did.
  useEffect(() => summary.current?.focus(), [tried, refused]);

  function keep(next: Draft) {
    const ready = editOf(next);
    change(next);
    setTried({ draft: next });
    save.reset();
    if (ready.faults.length === 0) save.mutate(ready.edit);
  }

  async function remedy(next: Remedy) {
    const isStale = refused?.code === 'stale_edit' || refused?.code === 'unknown_event';
    save.reset();
    if (next === 'reload') window.location.reload();
    else if (next === 'again') save.mutate(edit);
    else if (isStale) {
      const events = await queries.query({ ...eventsQuery, staleTime: 0 });
      const now = events.find(({ id }) => id === draft.id);
      if (now) begin(now);
    }
  }

  const editor: Editor = {
    draft,
    change,
    live,
    faultAt: (at) => faults.find((fault) => fault.at === at)?.message,
  };
  return (
    <EditorProvider value={editor}>
      <form
        className={styles.editor}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) keep(draft);
        }}
      >
        <div className={styles.page}>
          <EditorHead onBack={onBack} onMirror={(id) => mirror.mutate(id)} isAsking={mirror.isPending} />
          <FaultSummary ref={summary} faults={faults} draft={draft} />
          {save.error && !refused?.faults.length && (
            <ProblemCard error={save.error} onRemedy={(next) => void remedy(next)} onClose={() => save.reset()} />
          )}
          {mirror.error && <ProblemCard error={mirror.error} onRemedy={() => mirror.reset()} />}
          <AboutSection />
          <PerformancesSection />
          <TypesSection currency={currency} />
          <QuotasSection />
          {draft.id && <ArchiveSection onKeep={keep} />}
        </div>
        <SaveBar isDirty={isDirty} isSaving={save.isPending} />
      </form>
    </EditorProvider>
  );
}
