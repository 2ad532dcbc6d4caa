import { useRef, useState, type RefObject } from 'react';
import { usePreferences } from './preferences';

/** Who decides something about money, and why: the book keeps both. */
export interface Who {
  /** One to sixty characters. */
  by: string;
  note: string;
}

/** What the two fields need. */
export interface WhoDraft extends Who {
  isMissing: boolean;
  nameRef: RefObject<HTMLInputElement | null>;
  setBy: (by: string) => void;
  setNote: (note: string) => void;
  /** What was said, with the name kept for the next time in this browser; nothing while there is no name. */
  sign: () => Who | undefined;
}

const longestName = 60;
const longestNote = 500;

/** Asks who decides; the name that was given last in this browser stands there already, or what `owed` says that was sent. */
export function useWho(owed?: { by: string; note?: string }): WhoDraft {
  const { preferences, change } = usePreferences();
  const [by, setBy] = useState(owed?.by ?? preferences.cashier);
  const [note, setNote] = useState(owed?.note ?? '');
  const [isMissing, setMissing] = useState(false);
  const nameRef = useRef<HTMLInputElement>(null);
  return {
    by,
    note,
    isMissing,
    nameRef,
    setBy: (text) => {
      setMissing(false);
      setBy(text.slice(0, longestName));
    },
    setNote: (text) => setNote(text.slice(0, longestNote)),
    sign: () => {
      const name = by.trim();
      setMissing(name === '');
      if (name === '') {
        nameRef.current?.focus();
        return undefined;
      }
      change({ cashier: name });
      return { by: name, note: note.trim() };
    },
  };
}
