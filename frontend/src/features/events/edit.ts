/** From what was typed to what is sent, or to what is wrong with it: each fault at the path that the till's program uses too. */
import type { EventEdit, TicketTypeEdit } from '~/api/events';
import type { Amount } from '~/domain/money';
import { parsePercent } from '~/domain/percent';
import { chargeFault, leastCharge, mostCharge, parsePrice, type PriceFault } from '~/domain/price';
import { momentsOf } from '~/domain/zone';
import type { Draft, QuotaDraft, TypeDraft, Wall } from './draft';

export type FaultCode = PriceFault | 'required' | 'noTime' | 'percent' | 'count' | 'none';

/** What is wrong and where (`ticketTypes[2].price`); `amount` is what the rule speaks of. */
export interface DraftFault {
  readonly at: string;
  readonly code: FaultCode;
  readonly amount?: Amount;
}

/** The event as it can be sent (where `faults` is empty), and all that is wrong with it. */
export function editOf(draft: Draft): { edit: EventEdit; faults: DraftFault[] } {
  const reader = new Reader(draft.timeZone);
  const edit: EventEdit = {
    ...(draft.id ? { id: draft.id } : {}),
    revision: draft.revision,
    name: reader.words('name', draft.name),
    place: reader.words('place', draft.place),
    timeZone: draft.timeZone,
    ...(draft.picture.trim() ? { picture: draft.picture.trim() } : {}),
    archived: draft.archived,
    performances: draft.performances.map(({ id, starts, doors }, index) => {
      const at = `performances[${index}]`;
      const startsAt = reader.time(`${at}.startsAt`, starts) ?? reader.fault(`${at}.startsAt`, 'required', '');
      return { id, startsAt, doorsAt: reader.time(`${at}.doorsAt`, doors) ?? startsAt };
    }),
    ticketTypes: draft.ticketTypes.map((type, index) => typeEdit(reader, type, `ticketTypes[${index}]`)),
    quotas: draft.quotas.map((quota, index) => quotaEdit(reader, quota, `quotas[${index}]`)),
  };
  if (draft.performances.length === 0) reader.fault('performances', 'none', undefined);
  if (draft.ticketTypes.length === 0) reader.fault('ticketTypes', 'none', undefined);
  return { edit, faults: reader.faults };
}

/** What is wrong with an amount that was typed, if anything. */
export function amountFault(text: string, currency: string): Omit<DraftFault, 'at'> | undefined {
  const parsed = parsePrice(text, currency);
  const code = parsed.fault ?? chargeFault({ minor: parsed.minor, currency });
  if (!code) return undefined;
  const bound = code === 'least' ? leastCharge(currency) : mostCharge(currency);
  return { code, amount: { minor: bound, currency } };
}

function typeEdit(reader: Reader, type: TypeDraft, at: string): TicketTypeEdit {
  const { currency } = type;
  const saleFrom = reader.time(`${at}.saleFrom`, type.saleFrom);
  const saleUntil = reader.time(`${at}.saleUntil`, type.saleUntil);
  const least = reader.count(`${at}.least`, type.leastPerOrder);
  const most = reader.count(`${at}.most`, type.mostPerOrder);
  const suggests = !type.open || type.price.trim() !== '';
  return {
    id: type.id,
    name: reader.words(`${at}.name`, type.name),
    ...(type.description.trim() ? { description: type.description.trim() } : {}),
    price: { minor: suggests ? reader.price(`${at}.price`, type.price, currency) : 0, currency },
    ...(type.open
      ? {
          bounds: {
            least: reader.price(`${at}.bounds.least`, type.least, currency),
            most: reader.price(`${at}.bounds.most`, type.most, currency),
          },
        }
      : {}),
    ...(type.donation ? { donation: true } : {}),
    ...(type.taxed
      ? {
          taxRate: {
            name: reader.words(`${at}.taxRate.name`, type.taxName),
            percent: parsePercent(type.taxPercent) ?? reader.fault(`${at}.taxRate.percent`, 'percent', 0),
          },
        }
      : {}),
    ...(saleFrom ? { saleFrom } : {}),
    ...(saleUntil ? { saleUntil } : {}),
    ...(least ? { least } : {}),
    ...(most ? { most } : {}),
    onSale: type.onSale,
    ...(type.adopt ? { adopt: type.adopt } : {}),
  };
}

function quotaEdit(reader: Reader, quota: QuotaDraft, at: string) {
  const size = reader.count(`${at}.size`, quota.size) ?? reader.fault(`${at}.size`, 'count', 0);
  if (quota.ticketTypeIds.length === 0) reader.fault(`${at}.ticketTypeIds`, 'none', undefined);
  return { id: quota.id, performanceId: quota.performanceId, ticketTypeIds: [...quota.ticketTypeIds], size };
}

/** Reads fields and remembers what could not be read. */
class Reader {
  readonly faults: DraftFault[] = [];

  constructor(private readonly timeZone: string) {}

  /** Notes a fault and gives what stands in the field's place. */
  fault<Value>(at: string, code: FaultCode, value: Value): Value {
    this.faults.push({ at, code });
    return value;
  }

  words(at: string, text: string): string {
    const trimmed = text.trim();
    return trimmed === '' ? this.fault(at, 'required', '') : trimmed;
  }

  /** Nothing for nothing. */
  time(at: string, { text, later }: Wall): string | undefined {
    if (text === '') return undefined;
    const [first, second] = momentsOf(text, this.timeZone);
    if (first === undefined) return this.fault(at, 'noTime', '');
    return later && second !== undefined ? second : first;
  }

  /** Nothing for nothing. */
  count(at: string, text: string): number | undefined {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    return /^\d{1,9}$/.test(trimmed) ? Number.parseInt(trimmed, 10) : this.fault(at, 'count', 0);
  }

  price(at: string, text: string, currency: string): number {
    const fault = amountFault(text, currency);
    if (fault) this.faults.push({ at, ...fault });
    const parsed = parsePrice(text, currency);
    return parsed.fault ? 0 : parsed.minor;
  }
}
