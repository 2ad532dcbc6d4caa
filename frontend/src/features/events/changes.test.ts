import { describe, expect, test } from 'vitest';
import { eventEdit } from '~/testkit/builders';
import {
  addPerformance,
  addQuota,
  addType,
  moveType,
  quotasOf,
  removePerformance,
  removeType,
  sameForAll,
  uncovered,
  withQuota,
  withStart,
  withType,
} from './changes';
import { draftOf, newDraft } from './draft';

const tale = () => draftOf(eventEdit());
const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);

describe('performances', () => {
  test('one more is a day later, with seats of the same sizes', () => {
    const more = addPerformance(tale());
    const added = more.performances.at(-1)!;
    expect(added).toEqual({ id: 'new-1', starts: { text: '2026-11-23T19:30', later: false }, doors: { text: '2026-11-23T18:45', later: false } });
    expect(quotasOf(more, 'new-1')).toEqual([{ id: 'new-2', performanceId: 'new-1', ticketTypeIds: ['adult', 'child'], size: '120' }]);
  });

  test('ids of new things never meet, of whatever kind they are', () => {
    const all = addQuota(addType(addPerformance(addPerformance(newDraft('UTC', 'eur'))), 'eur'), 'new-1');
    const everything = [...ids(all.performances), ...ids(all.ticketTypes), ...ids(all.quotas)];
    expect(new Set(everything).size).toBe(everything.length);
  });

  test('one fewer takes its seats with it', () => {
    const fewer = removePerformance(tale(), 'saturday');
    expect(ids(fewer.performances)).toEqual(['sunday']);
    expect(ids(fewer.quotas)).toEqual(['house-2']);
  });

  test('the doors go with the start until somebody has set them', () => {
    const moved = withStart(tale(), 'saturday', { text: '2026-11-21T20:00', later: false });
    expect(moved.performances[0]?.doors.text).toBe('2026-11-21T19:15');
    const own = { ...tale(), performances: [{ id: 'saturday', starts: { text: '2026-11-21T19:30', later: false }, doors: { text: '2026-11-21T18:00', later: false } }] };
    expect(withStart(own, 'saturday', { text: '2026-11-21T20:00', later: false }).performances[0]?.doors.text).toBe('2026-11-21T18:00');
  });
});

describe('ticket types', () => {
  test('one more has the currency of the last and shares the only seats', () => {
    const more = addType(tale(), 'usd');
    expect(more.ticketTypes.at(-1)).toMatchObject({ id: 'new-1', currency: 'eur', onSale: true });
    expect(more.quotas.every((quota) => quota.ticketTypeIds.includes('new-1'))).toBe(true);
    expect(addType({ ...tale(), ticketTypes: [] }, 'usd').ticketTypes[0]?.currency).toBe('usd');
  });

  test('where there are several sorts of seats, nobody guesses which', () => {
    const two = addQuota(withQuota(tale(), 'house', { ticketTypeIds: ['adult'] }), 'saturday');
    const more = addType(two, 'eur');
    expect(uncovered(more, 'saturday').map(({ id }) => id)).toEqual([more.ticketTypes.at(-1)!.id]);
    expect(uncovered(more, 'sunday')).toEqual([]);
  });

  test('moves by one, and not beyond the ends', () => {
    expect(ids(moveType(tale(), 'child', -1).ticketTypes)).toEqual(['child', 'adult']);
    expect(ids(moveType(tale(), 'adult', 1).ticketTypes)).toEqual(['child', 'adult']);
    expect(moveType(tale(), 'adult', -1)).toEqual(tale());
    expect(moveType(tale(), 'child', 1)).toEqual(tale());
  });

  test('one fewer leaves its seats to the others, or takes them with it', () => {
    expect(removeType(tale(), 'adult').quotas.map((quota) => quota.ticketTypeIds)).toEqual([['child'], ['child']]);
    expect(removeType(removeType(tale(), 'adult'), 'child').quotas).toEqual([]);
  });
});

describe('seats', () => {
  test('new ones are for the types that have none', () => {
    const bare = withQuota(tale(), 'house', { ticketTypeIds: ['adult'] });
    expect(addQuota(bare, 'saturday').quotas.at(-1)).toMatchObject({ performanceId: 'saturday', ticketTypeIds: ['child'], size: '' });
  });

  test('a donation needs none', () => {
    const given = withType(withQuota(tale(), 'house', { ticketTypeIds: ['adult'] }), 'child', { donation: true });
    expect(uncovered(given, 'saturday')).toEqual([]);
  });

  test('the same for all changes what is there, adds what is missing, drops what is too much', () => {
    const model = addQuota(withQuota(tale(), 'house', { size: '80', ticketTypeIds: ['adult'] }), 'saturday');
    const same = sameForAll(model, 'saturday');
    expect(quotasOf(same, 'sunday')).toMatchObject([
      { id: 'house-2', size: '80', ticketTypeIds: ['adult'] },
      { ticketTypeIds: ['child'] },
    ]);
    expect(new Set(ids(same.quotas)).size).toBe(4);
    expect(ids(quotasOf(sameForAll(same, 'sunday'), 'saturday'))).toEqual(ids(quotasOf(same, 'saturday')));
    const fewer = sameForAll({ ...same, quotas: same.quotas.filter((quota) => quota.id !== quotasOf(same, 'saturday')[1]!.id) }, 'saturday');
    expect(quotasOf(fewer, 'sunday')).toHaveLength(1);
  });
});
