import type { Drill } from '~/api/drills';
import { drills } from '~/messages/drills.en';

const words = drills.words;
const groups = ['network', 'stripe', 'buyer', 'money', 'access', 'away', 'other'] as const;

/** A drill that this screen has words for. */
export type KnownDrill = keyof typeof words;
/** A drill that is done at once: its button has words of its own. */
type Act = { [Name in KnownDrill]: (typeof words)[Name] extends { act: string } ? Name : never }[KnownDrill];
/** Whose trouble a drill is. */
export type Group = (typeof groups)[number];

/** Whether the screen has words for it; a newer program may offer more. */
export function isKnown(name: string): name is KnownDrill {
  return Object.hasOwn(words, name);
}

/** Whether the screen has words for its button. */
export function isAct(name: KnownDrill): name is Act {
  return 'act' in words[name];
}

/** Whether it can be done with what the trainer says of the days away. */
export function asksDays(name: string): boolean {
  return name === 'days_offline';
}

/** The drills by group, in the groups' order and each in its own; groups without a drill are left out. */
export function byGroup(all: readonly Drill[]): { group: Group; drills: Drill[] }[] {
  const groupOf = (drill: Drill) => groups.find((group) => group === drill.group) ?? 'other';
  return groups
    .map((group) => ({ group, drills: all.filter((drill) => groupOf(drill) === group) }))
    .filter((one) => one.drills.length > 0);
}

/** How many go on now. */
export function going(all: readonly Drill[]): number {
  return all.filter((drill) => drill.on).length;
}
