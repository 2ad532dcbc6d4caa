import type { LateAction, LateMoney, Order, ProblemBody, Question, Refund, RefundRequest, SeatLine, VoidRequest } from '~/api/types';
import { noon } from './builders';
import { refund } from './lateBuilders';

interface Asked {
  path: string;
  query: URLSearchParams;
  key: string | null;
  body: unknown;
}

type Answer = { body: unknown } | { problem: Partial<ProblemBody> };

/** Who decides, as every decision about money says it. */
interface Who {
  by: string;
  note?: string;
  left?: number;
}

/**
 * What becomes of money after it was paid, in memory: the late-money desk, refunds and void tickets, with the rules that
 * screens lean on. One key is one decision; what is decided is not decided again; nobody gives back more than is left.
 */
export class FakeReturns {
  items: LateMoney[] = [];
  questions: Question[] = [];
  pageSize = 50;
  /** How far Stripe has come with a refund when it answers. */
  refundStatus: Refund['status'] = 'pending';
  /** Refunds are of the order that the money had paid, and do not stand at the money. */
  refundsAreOrders = false;
  private readonly byKey = new Map<string, Answer>();

  constructor(
    private readonly move: (order: Order) => void,
    private readonly tell: () => void,
  ) {}

  late(asked: Asked, id: string | undefined, verb: string | undefined): Answer {
    if (!id) return { body: this.list(asked.query) };
    const found = this.items.find((item) => item.id === id);
    if (!found) return { problem: { status: 404, code: 'unknown_discrepancy' } };
    return this.once(asked, () => this.decide(found, verb as LateAction, asked.body as Who & { lines?: SeatLine[] }));
  }

  /** A key that was used before is answered with the order as it is now. */
  refund(order: Order, asked: Asked): Answer {
    const before = this.byKey.get(nameOf(asked));
    if (before && 'body' in before) return { body: order };
    return this.once(asked, () => {
      const { ticketIds, amount, by, note = '', left = order.refundable } = asked.body as RefundRequest;
      if (!by) return { problem: { status: 422, code: 'who_missing' } };
      const minor = amount ?? order.refundable;
      if (minor > order.refundable) return { problem: { status: 422, code: 'refund_too_large' } };
      if (order.tickets.some(({ id, refunding }) => refunding && ticketIds?.includes(id))) return { problem: { status: 409, code: 'ticket_refunded' } };
      const isAll = amount === undefined || (minor === order.refundable && order.disputed === 0);
      if (isAll && left !== order.refundable) return { problem: { status: 409, code: 'money_moved' } };
      const gone = isAll ? order.tickets.filter(({ refunding }) => !refunding).map(({ id }) => id) : (ticketIds ?? []);
      const made = refund({
        id: `rfd-${order.refunds.length + 1}`,
        amount: { minor, currency: order.total.currency },
        status: this.refundStatus,
        by,
        note,
        ticketIds: gone,
      });
      const after = this.keep(given(order, made, gone));
      return made.status === 'refused' ? { problem: refusal } : { body: after };
    });
  }

  void(order: Order, asked: Asked): Answer {
    const { refundId, ticketIds } = asked.body as VoidRequest;
    this.questions = this.questions.filter((one) => one.refund.id !== refundId);
    this.tell();
    return {
      body: this.keep({
        ...order,
        tickets: order.tickets.map((ticket) => ({ ...ticket, void: ticket.void || ticketIds.includes(ticket.id) })),
        refunds: order.refunds.map((one) => (one.id === refundId ? { ...one, answered: true, ticketIds } : one)),
      }),
    };
  }

  private list(query: URLSearchParams) {
    const state = query.get('state');
    const isWaiting = (item: LateMoney) => item.actions.length > 0 || (item.reason === 'refund_failed' && !item.resolution);
    const waiting = this.items.filter(isWaiting);
    const elsewhere = this.items.filter(({ reason }) => reason === 'elsewhere');
    const done = this.items.filter((item) => !isWaiting(item) && item.reason !== 'elsewhere');
    const found = state === 'waiting' ? waiting : state === 'done' ? done : elsewhere;
    const from = Number(query.get('after') ?? 0);
    const next = from + this.pageSize;
    return {
      items: found.slice(from, next),
      waiting: waiting.length,
      questions: this.questions,
      ...(next < found.length ? { next: String(next) } : {}),
    };
  }

  private decide(money: LateMoney, action: LateAction, { by, note, left = money.left }: Who): Answer {
    if (!by) return { problem: { status: 422, code: 'who_missing' } };
    if (money.resolution) return { problem: { status: 409, code: 'already_resolved' } };
    if (action === 'keep' && left !== money.left) return { problem: { status: 409, code: 'money_moved' } };
    const isRefused = action === 'refund' && this.refundStatus === 'refused';
    const isBack = isRefused || (action === 'refund' && this.refundStatus === 'failed');
    const what = action === 'seat' ? { orderId: 'ord-9', orderCode: 'LATE22' } : action === 'keep' ? { left: money.left } : {};
    const resolution = { action, by, at: noon, ...(note ? { note } : {}), ...what };
    const refunds = action === 'refund' && !this.refundsAreOrders ? [refund({ status: this.refundStatus, amount: money.amount, by })] : [];
    const settled = isBack ? { ...money, refunds } : { ...money, actions: [], resolution, refunds };
    this.items = this.items.map((item) => (item.id === money.id ? settled : item));
    this.tell();
    if (isRefused) return { problem: refusal };
    return { body: settled };
  }

  private once(asked: Asked, work: () => Answer): Answer {
    const name = nameOf(asked);
    const answer = this.byKey.get(name) ?? work();
    if ('body' in answer || answer.problem === refusal) this.byKey.set(name, answer);
    return answer;
  }

  private keep(order: Order): Order {
    this.move(order);
    return order;
  }
}

function nameOf({ key, path }: Asked): string {
  return `${path} ${key}`;
}

/** What the till answers where Stripe made no refund: the same to the same key. */
const refusal: Partial<ProblemBody> = { status: 502, code: 'stripe_refused', detail: 'Stripe refused: the charge is disputed.', next: 'Look in the Dashboard.' };

/** The order after a refund: the money gone, the tickets void, once Stripe has it. */
function given(order: Order, made: Refund, ticketIds: readonly string[]): Order {
  if (made.status === 'refused') return { ...order, refunds: [...order.refunds, { ...made, ticketIds: [] }] };
  return {
    ...order,
    status: order.refunded + made.amount.minor >= order.total.minor ? 'refunded' : order.status,
    refunds: [...order.refunds, made],
    refunded: order.refunded + made.amount.minor,
    refundable: order.refundable - made.amount.minor,
    tickets: order.tickets.map((ticket) => {
      if (!ticketIds.includes(ticket.id)) return ticket;
      return { ...ticket, refunding: true, void: made.status !== 'asked' };
    }),
  };
}
