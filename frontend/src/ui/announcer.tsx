import { createContext, use, useCallback, useState, type ReactNode } from 'react';

type Announce = (text: string, urgent?: boolean) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

interface Said {
  text: string;
  /** Alternates so that the same sentence twice is heard twice. */
  turn: number;
}

/** Two live regions for screen readers: one that waits its turn, and one for what a cashier must hear at once. */
export function Announcer({ children }: { children: ReactNode }) {
  const [polite, setPolite] = useState<Said>({ text: '', turn: 0 });
  const [urgent, setUrgent] = useState<Said>({ text: '', turn: 0 });
  const announce = useCallback<Announce>((text, isUrgent = false) => {
    const say = (said: Said) => ({ text, turn: said.turn + 1 });
    if (isUrgent) setUrgent(say);
    else setPolite(say);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="visually-hidden" aria-live="polite">
        <span key={polite.turn}>{polite.text}</span>
      </div>
      <div className="visually-hidden" aria-live="assertive">
        <span key={urgent.turn}>{urgent.text}</span>
      </div>
    </AnnounceContext>
  );
}

/** Says a sentence to screen readers without moving the focus. */
export function useAnnounce(): Announce {
  return use(AnnounceContext);
}
