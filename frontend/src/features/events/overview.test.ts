import { expect, test } from 'vitest';
import { eventEdit, mirrored, typeEdit } from '~/testkit/builders';
import { mirrorOf, nextOf, seatsOf } from './overview';

const at = (time: string) => Date.parse(time);

test('the next performance, how many come after it, and the last when all are over', () => {
  const event = eventEdit();
  expect(nextOf(event, at('2026-11-01T00:00:00Z'))).toMatchObject({ next: '2026-11-21T18:30:00Z', later: 1 });
  expect(nextOf(event, at('2026-11-22T00:00:00Z'))).toMatchObject({ next: '2026-11-22T18:30:00Z', later: 0 });
  expect(nextOf(event, at('2026-12-01T00:00:00Z'))).toEqual({ last: '2026-11-22T18:30:00Z', later: 0 });
  expect(nextOf(eventEdit({ performances: [] }), 0)).toEqual({ later: 0 });
});

test('seats of all performances together', () => {
  expect(seatsOf(eventEdit())).toEqual({ taken: 7, size: 240 });
});

test('the worst of the ticket types says how far Stripe has the event', () => {
  expect(mirrorOf(mirrored(eventEdit(), 'done'))).toBe('done');
  const one = (state: 'none' | 'pending' | 'refused') => eventEdit({ ticketTypes: [typeEdit(), typeEdit({ id: 'x', mirror: { state } })] });
  expect([mirrorOf(one('none')), mirrorOf(one('pending')), mirrorOf(one('refused'))]).toEqual(['none', 'pending', 'refused']);
});
