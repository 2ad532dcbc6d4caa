import { describe, expect, test } from 'vitest';
import type { EventEdit } from '~/api/events';
import { euro, eventEdit, typeEdit } from '~/testkit/builders';
import { withQuota, withType } from './changes';
import { draftOf, importedDraft, newDraft, type Draft } from './draft';
import { amountFault, editOf } from './edit';
import { standing } from './faults';

/** What the till's program does not look at in a request. */
function asSent(event: EventEdit): EventEdit {
  return {
    ...event,
    archived: event.archived ?? false,
    ticketTypes: event.ticketTypes.map((type) => ({ ...type, mirror: undefined })),
    quotas: event.quotas.map((quota) => ({ ...quota, taken: undefined })),
  };
}

const everything = eventEdit({
  picture: 'https://example.com/tale.jpg',
  archived: true,
  timeZone: 'America/New_York',
  performances: [
    { id: 'first', startsAt: '2026-11-01T05:30:00Z', doorsAt: '2026-11-01T05:00:00Z' }, // 01:30, the first of two
    { id: 'second', startsAt: '2026-11-01T06:30:00Z', doorsAt: '2026-11-01T05:45:00Z' }, // 01:30 again
    { id: 'odd', startsAt: '2026-11-20T18:30:15Z', doorsAt: '2026-11-20T18:30:15Z' },
  ],
  ticketTypes: [
    typeEdit({ description: 'Stalls', taxRate: { name: 'VAT', percent: 77_000 }, least: 2, most: 6, onSale: false }),
    typeEdit({ id: 'give', price: euro(0), bounds: { least: 500, most: 50_000 }, donation: true }),
    typeEdit({ id: 'yen', price: { minor: 2400, currency: 'jpy' }, saleFrom: '2026-03-08T07:00:00Z', saleUntil: '2026-11-01T05:30:00Z' }),
    typeEdit({ id: 'dinar', price: { minor: 12_340, currency: 'kwd' }, bounds: { least: 1000, most: 20_000 } }),
  ],
});

describe('there and back', () => {
  test.each([
    ['a plain event', eventEdit()],
    ['one with everything', everything],
    ['one of the days on which clocks change', eventEdit({ performances: [{ id: 'p', startsAt: '2026-10-25T01:30:00Z', doorsAt: '2026-10-25T00:30:00Z' }] })],
  ])('%s is sent as it came', (_, event) => {
    const { edit, faults } = editOf(draftOf(event));
    expect(faults).toEqual([]);
    expect(edit).toEqual(asSent(event));
  });
});

test('seats stand by performance and by ticket type, in whatever order the book has them', () => {
  const [house, house2] = eventEdit().quotas;
  const split = [{ ...house2!, id: 'z' }, { ...house!, id: 'y', ticketTypeIds: ['child'] }, { ...house!, id: 'x', ticketTypeIds: ['adult'] }];
  expect(draftOf(eventEdit({ quotas: split })).quotas.map(({ id }) => id)).toEqual(['x', 'y', 'z']);
});

const found = (draft: Draft) => editOf(draft).faults.map(({ at, code }) => `${at} ${code}`);
const tale = () => draftOf(eventEdit());

describe('what is wrong', () => {
  test('a new event that nobody has filled in', () => {
    expect(found(newDraft('Europe/Vienna', 'eur'))).toEqual([
      'name required',
      'place required',
      'performances[0].startsAt required',
      'ticketTypes[0].name required',
      'ticketTypes[0].price empty',
      'quotas[0].size count',
    ]);
  });

  test.each<[string, Draft, string]>([
    ['only spaces', { ...tale(), name: '  ' }, 'name required'],
    ['the hour that is missing in spring', withStartText('2027-03-28T02:30'), 'performances[0].startsAt noTime'],
    ['a price with too many decimals', withType(tale(), 'child', { price: '9.005' }), 'ticketTypes[1].price decimals'],
    ['a price that Stripe does not take', withType(tale(), 'adult', { price: '0.49' }), 'ticketTypes[0].price least'],
    ['bounds without figures', withType(tale(), 'adult', { open: true, price: '', least: '1', most: 'much' }), 'ticketTypes[0].bounds.most figures'],
    ['a tax without a name', withType(tale(), 'adult', { taxed: true, taxPercent: '10' }), 'ticketTypes[0].taxRate.name required'],
    ['a tax of too much', withType(tale(), 'adult', { taxed: true, taxName: 'VAT', taxPercent: '101' }), 'ticketTypes[0].taxRate.percent percent'],
    ['half a ticket', withType(tale(), 'adult', { leastPerOrder: '1.5' }), 'ticketTypes[0].least count'],
    ['seats below nothing', withQuota(tale(), 'house', { size: '-1' }), 'quotas[0].size count'],
    ['seats for nobody', withQuota(tale(), 'house-2', { ticketTypeIds: [] }), 'quotas[1].ticketTypeIds none'],
    ['no performance', { ...tale(), performances: [], quotas: [] }, 'performances none'],
    ['no ticket type', { ...tale(), ticketTypes: [], quotas: [] }, 'ticketTypes none'],
  ])('%s', (_, draft, expected) => {
    expect(found(draft)).toEqual([expected]);
  });

  test('the rule comes with its amount', () => {
    expect(amountFault('0.10', 'eur')).toEqual({ code: 'least', amount: euro(50) });
    expect(amountFault('1000000', 'eur')).toEqual({ code: 'most', amount: euro(99_999_999) });
    expect(amountFault('12.345', 'kwd')).toMatchObject({ code: 'thousandths' });
    expect(amountFault('24', 'eur')).toBeUndefined();
  });

  test('a suggestion may be left out, and then is nothing', () => {
    const { edit, faults } = editOf(withType(tale(), 'adult', { open: true, price: '', least: '5', most: '50' }));
    expect(faults).toEqual([]);
    expect(edit.ticketTypes[0]).toMatchObject({ price: euro(0), bounds: { least: 500, most: 5000 } });
  });
});

test('another zone keeps what the clocks show, and moves the moments', () => {
  const { edit } = editOf({ ...tale(), timeZone: 'America/New_York' });
  expect(edit.performances[0]).toMatchObject({ startsAt: '2026-11-22T00:30:00Z', doorsAt: '2026-11-21T23:45:00Z' });
});

test('what is imported is sold as what Stripe has', () => {
  const draft = importedDraft(
    [
      { productId: 'prod_1', priceId: 'price_1', name: 'Front row', price: { minor: 5000, currency: 'chf' }, used: false },
      { productId: 'prod_2', priceId: 'price_2', name: 'Friend', description: 'As you like', used: false },
    ],
    'Europe/Zurich',
    'eur',
  );
  expect(draft.ticketTypes).toMatchObject([
    { name: 'Front row', price: '50.00', currency: 'chf', open: false, adopt: { productId: 'prod_1', priceId: 'price_1' } },
    { name: 'Friend', price: '', currency: 'eur', open: true, description: 'As you like' },
  ]);
  expect(draft.quotas[0]?.ticketTypeIds).toEqual(draft.ticketTypes.map(({ id }) => id));
});

test('what the till found wrong stands until that part is changed or moved', () => {
  const faults = [
    { at: 'name', message: 'n' },
    { at: 'ticketTypes[1].price', message: 'p' },
    { at: 'quotas', message: 'q' },
  ];
  const saved = tale();
  const left = (draft: Draft) => standing(faults, saved, draft).map(({ message }) => message);
  expect(left(saved)).toEqual(['n', 'p', 'q']);
  expect(left({ ...saved, name: 'Hamlet' })).toEqual(['p', 'q']);
  expect(left(withType(saved, 'adult', { name: 'Grown-up' }))).toEqual(['n', 'p', 'q']);
  expect(left(withType(saved, 'child', { price: '9.50' }))).toEqual(['n', 'q']);
  expect(left({ ...saved, ticketTypes: saved.ticketTypes.toReversed() })).toEqual(['n', 'q']);
  expect(left(withQuota(saved, 'house', { size: '3' }))).toEqual(['n', 'p']);
  expect(standing(faults, undefined, saved)).toEqual([]);
});

function withStartText(text: string): Draft {
  const draft = tale();
  return { ...draft, performances: draft.performances.map((one, index) => (index === 0 ? { ...one, starts: { text, later: false } } : one)) };
}
