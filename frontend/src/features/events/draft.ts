/** An event while it is being typed: texts as they stand in the fields, times as the wall of the place shows them. */
import type { EventEdit, Importable, TicketTypeEdit } from '~/api/events';
import { numeral } from '~/domain/money';
import { percentText } from '~/domain/percent';
import { priceText } from '~/domain/price';
import { momentsOf, wallTime } from '~/domain/zone';

/** A wall's time, and which of the two moments it means in the hour that comes twice. */
export interface Wall {
  readonly text: string;
  readonly later: boolean;
}

export interface PerformanceDraft {
  readonly id: string;
  readonly starts: Wall;
  /** Empty: the doors open when it starts. */
  readonly doors: Wall;
}

export interface TypeDraft {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  /** The buyer says what it costs, from `least` to `most`; `price` is then what is suggested. */
  readonly open: boolean;
  readonly price: string;
  readonly least: string;
  readonly most: string;
  readonly donation: boolean;
  readonly taxed: boolean;
  readonly taxName: string;
  readonly taxPercent: string;
  readonly saleFrom: Wall;
  readonly saleUntil: Wall;
  readonly leastPerOrder: string;
  readonly mostPerOrder: string;
  readonly onSale: boolean;
  readonly adopt?: { readonly productId: string; readonly priceId: string };
}

export interface QuotaDraft {
  readonly id: string;
  readonly performanceId: string;
  readonly ticketTypeIds: readonly string[];
  readonly size: string;
}

export interface Draft {
  readonly id?: string;
  readonly revision: number;
  readonly name: string;
  readonly place: string;
  readonly timeZone: string;
  readonly picture: string;
  readonly archived: boolean;
  readonly performances: readonly PerformanceDraft[];
  readonly ticketTypes: readonly TypeDraft[];
  readonly quotas: readonly QuotaDraft[];
}

export const noWall: Wall = { text: '', later: false };

/** What is new has an id that begins like this; the till's program gives it its own. */
export function isNew(id: string): boolean {
  return id.startsWith('new-');
}

/** A ticket type with nothing said about it yet. */
export function newType(id: string, currency: string): TypeDraft {
  return {
    id,
    name: '',
    description: '',
    currency,
    open: false,
    price: '',
    least: '',
    most: '',
    donation: false,
    taxed: false,
    taxName: '',
    taxPercent: '',
    saleFrom: noWall,
    saleUntil: noWall,
    leastPerOrder: '',
    mostPerOrder: '',
    onSale: true,
  };
}

/** A new event: one performance, one ticket type, and one quota over the two. */
export function newDraft(timeZone: string, currency: string): Draft {
  return {
    revision: 0,
    name: '',
    place: '',
    timeZone,
    picture: '',
    archived: false,
    performances: [{ id: 'new-1', starts: noWall, doors: noWall }],
    ticketTypes: [newType('new-2', currency)],
    quotas: [{ id: 'new-3', performanceId: 'new-1', ticketTypeIds: ['new-2'], size: '' }],
  };
}

/** A new event whose ticket types are sold as products that Stripe has already. */
export function importedDraft(products: readonly Importable[], timeZone: string, currency: string): Draft {
  const ticketTypes = products.map(({ name, description = '', price, productId, priceId }, index) => ({
    ...newType(`new-${index + 3}`, price?.currency ?? currency),
    name,
    description,
    open: !price,
    price: price ? numeral(price) : '',
    adopt: { productId, priceId },
  }));
  const quota = { id: 'new-2', performanceId: 'new-1', ticketTypeIds: ticketTypes.map(({ id }) => id), size: '' };
  return { ...newDraft(timeZone, currency), ticketTypes, quotas: [quota] };
}

/** An event of the book as it stands in the fields. */
export function draftOf(edit: EventEdit): Draft {
  const wall = (at: string | undefined): Wall => {
    if (!at) return noWall;
    const text = wallTime(at, edit.timeZone);
    const [, later] = momentsOf(text, edit.timeZone);
    return { text, later: later !== undefined && Date.parse(later) === Date.parse(at) };
  };
  return {
    ...(edit.id ? { id: edit.id } : {}),
    revision: edit.revision ?? 0,
    name: edit.name,
    place: edit.place,
    timeZone: edit.timeZone,
    picture: edit.picture ?? '',
    archived: edit.archived ?? false,
    performances: edit.performances.map(({ id, startsAt, doorsAt }) => ({ id, starts: wall(startsAt), doors: wall(doorsAt) })),
    ticketTypes: edit.ticketTypes.map((type) => typeDraft(type, wall)),
    quotas: inOrder(edit).map(({ id, performanceId, ticketTypeIds, size }) => ({ id, performanceId, ticketTypeIds, size: String(size) })),
  };
}

/** The quotas as people look for them: by performance, then by the first of their types; the book has them in no order. */
function inOrder({ performances, ticketTypes, quotas }: EventEdit): EventEdit['quotas'] {
  const night = (id: string) => performances.findIndex((performance) => performance.id === id);
  const first = (ids: readonly string[]) => ticketTypes.findIndex((type) => ids.includes(type.id));
  return quotas.toSorted(
    (a, b) => night(a.performanceId) - night(b.performanceId) || first(a.ticketTypeIds) - first(b.ticketTypeIds),
  );
}

function typeDraft(type: TicketTypeEdit, wall: (at: string | undefined) => Wall): TypeDraft {
  const { currency } = type.price;
  const text = (minor: number | undefined) => (minor === undefined ? '' : numeral({ minor, currency }));
  return {
    id: type.id,
    name: type.name,
    description: type.description ?? '',
    currency,
    open: type.bounds !== undefined,
    price: priceText(type.price),
    least: text(type.bounds?.least),
    most: text(type.bounds?.most),
    donation: type.donation ?? false,
    taxed: type.taxRate !== undefined,
    taxName: type.taxRate?.name ?? '',
    taxPercent: type.taxRate ? percentText(type.taxRate.percent) : '',
    saleFrom: wall(type.saleFrom),
    saleUntil: wall(type.saleUntil),
    leastPerOrder: type.least ? String(type.least) : '',
    mostPerOrder: type.most ? String(type.most) : '',
    onSale: type.onSale,
    ...(type.adopt ? { adopt: type.adopt } : {}),
  };
}
