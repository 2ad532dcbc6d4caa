import { Problem } from '~/api/problem';

/** What was sent and under which key, and why there is no answer yet. */
export interface Owed<Body = unknown> {
  key: string;
  body: Body;
  error: Error;
}

const place = 'willcall.owed';

/**
 * What is owed an answer, by what is done to which thing. It outlives a reload of the page where there is a `store`: only so is
 * the same asked again under the same key. What was sent is kept as it was sent, and so must hold nothing secret.
 */
export class OwedAnswers {
  private readonly bySubject: Map<string, Owed>;

  constructor(private readonly store?: Storage) {
    this.bySubject = new Map(read(store));
  }

  of(subject: string): Owed | undefined {
    return this.bySubject.get(subject);
  }

  /** Keeps what is owed; without it, the subject has its answer. */
  keep(subject: string, owed: Owed | undefined): void {
    if (owed) this.bySubject.set(subject, owed);
    else this.bySubject.delete(subject);
    try {
      this.store?.setItem(place, JSON.stringify([...this.bySubject].map(([name, { key, body }]) => [name, { key, body }])));
    } catch {
      // Without a store a reload forgets it; the order and the late-money desk still show what was done.
    }
  }
}

function read(store: Storage | undefined): [string, Owed][] {
  try {
    const kept: unknown = JSON.parse(store?.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKept).map(([subject, sent]) => [subject, { ...sent, error: Problem.noAnswer(undefined) }]) : [];
  } catch {
    return [];
  }
}

function isKept(entry: unknown): entry is [string, Omit<Owed, 'error'>] {
  const [subject, sent] = Array.isArray(entry) ? (entry as unknown[]) : [];
  return typeof subject === 'string' && isObject(sent) && typeof sent.key === 'string' && isObject(sent.body);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
