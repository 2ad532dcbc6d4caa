import type { Fault } from '~/api/problem';
import type { Draft } from './draft';

/** The part of a draft that a path speaks of: a performance, a ticket type or a quota, or a field of the event itself. */
function partAt(draft: Draft, at: string): unknown {
  const [, list = '', index = ''] = /^(\w+)(?:\[(\d+)\])?/.exec(at) ?? [];
  const value: unknown = draft[list as keyof Draft];
  return index && Array.isArray(value) ? (value as unknown[])[Number(index)] : value;
}

/** Of what was wrong with `saved`, what still stands in `draft`: a part that was changed or moved since is not accused. */
export function standing(faults: readonly Fault[], saved: Draft | undefined, draft: Draft): Fault[] {
  if (!saved) return [];
  return faults.filter(({ at }) => partAt(saved, at) === partAt(draft, at));
}

/** The id of the field at a path. */
export function fieldId(at: string): string {
  return `field-${at}`;
}
