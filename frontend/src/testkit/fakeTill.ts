import type { EventEdit, Importable } from '~/api/events';
import type { Catalogue, Order, OrderRequest, Payment, Poster, ProblemBody, Status } from '~/api/types';
import { FakeBooks } from './fakeBooks';
import { FakeCarrier } from './fakeCarrier';
import { FakeOffice } from './fakeOffice';
import { FakeReturns } from './fakeReturns';
import * as build from './builders';

/** A request that reached the till. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  key: string | null;
  /** The administrator's right, where it was shown. */
  admin: string | null;
  body: OrderRequest | undefined;
}

/**
 * The till's API in memory: the real shapes and the few rules that screens lean on (a key makes one order, seats are
 * counted, changes are told on the stream). Set its fields to have it say something else.
 */
export class FakeTill {
  status: Status = build.status();
  catalogue: Catalogue = build.catalogue();
  orders: Order[] = [];
  events: EventEdit[] = [];
  products: Importable[] = [];
  posters: Poster[] = [];
  /** What the page knows on which an order's card is typed. */
  payment: Payment = build.payment();
  /** Whether the machine has a browser that the till can open by itself. */
  opensBrowser = true;
  readonly seen: Seen[] = [];
  readonly carrier = new FakeCarrier();
  /** PIN, keys, account and books. */
  readonly office = new FakeOffice((status) => {
    this.status = { ...this.status, ...status };
    this.carrier.say('change', { number: 11, kind: 'connection' });
  });
  /** Stripe's books, how the till keeps up with them, and the drills. */
  readonly books = new FakeBooks();
  /** The late-money desk, refunds and void tickets. */
  readonly returns = new FakeReturns(
    (order) => this.move(order.id, order),
    () => this.carrier.say('change', { number: 12, kind: 'discrepancy' }),
  );
  pageSize = 50;
  /** What the next requests of a path answer instead; a string is a page of HTML, an Error no answer at all. */
  private readonly mishaps: { path: RegExp; answer: Partial<ProblemBody> | string | Error; done?: true; stays?: true }[] = [];
  private readonly byKey = new Map<string, Order>();
  private held: Promise<void> | undefined;

  fail(path: RegExp, answer: Partial<ProblemBody> | string | Error): void {
    this.mishaps.push({ path, answer });
  }

  /** Fails every such request, however often a screen asks by itself, until the till behaves again. */
  down(path: RegExp, answer: Partial<ProblemBody> | string | Error): void {
    this.mishaps.push({ path, answer, stays: true });
  }

  /** Does what the next such request asks for, whose answer is lost on the way. */
  lose(path: RegExp): void {
    this.mishaps.push({ path, answer: new Error('lost'), done: true });
  }

  /** Misbehaves no more. */
  behave(): void {
    this.mishaps.length = 0;
  }

  /** Holds all answers back until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = deferred();
    this.held = promise;
    return resolve;
  }

  /** Changes an order, and tells it on the stream. */
  move(id: string, change: Partial<Order>): void {
    this.orders = this.orders.map((order) => (order.id === id ? { ...order, ...change } : order));
    this.carrier.say('change', { number: 9, kind: 'order', id });
  }

  posts(path: string): Seen[] {
    return this.seen.filter((request) => request.method === 'POST' && request.path === path);
  }

  readonly fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = input as Request;
    const url = new URL(request.url);
    const text = await request.text();
    const seen: Seen = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      key: request.headers.get('Idempotency-Key'),
      admin: request.headers.get('Willcall-Admin'),
      body: text ? (JSON.parse(text) as OrderRequest) : undefined,
    };
    this.seen.push(seen);
    await this.held;
    const mishap = this.mishaps.findIndex(({ path }) => path.test(`${seen.method} ${seen.path}`));
    if (mishap < 0) return this.answer(seen);
    const { answer, done, stays } = this.mishaps[mishap]!;
    if (!stays) this.mishaps.splice(mishap, 1);
    if (done) this.answer(seen);
    return misbehave(answer);
  };

  private answer(seen: Seen): Response {
    const [, , kind, id, verb] = seen.path.split('/');
    const office = this.office.answer(seen);
    if (office) return said(office);
    const books = this.books.answer(seen);
    if (books) return said(books);
    if (kind === 'status') return json(this.status);
    if (kind === 'catalogue') return json(this.catalogue);
    if (kind === 'events') return this.event(seen, id, verb);
    if (kind === 'import') return json({ products: this.products });
    if (kind === 'late-money') return said(this.returns.late(seen, id, verb));
    if (kind === 'posters') return this.poster(seen, id, verb);
    if (kind === 'orders' && !id) return seen.method === 'POST' ? this.place(seen) : this.list(seen.query);
    const found = this.orders.find((order) => order.id === id || order.code === id);
    if (!found) return misbehave({ status: 404, code: 'unknown_order' });
    if (verb === 'payment') return json(this.payment);
    if (verb === 'page') return json({ url: `https://127.0.0.1:4382/pay.html?order=${found.id}`, opened: this.opensBrowser });
    if (verb === 'refund') return said(this.returns.refund(found, seen));
    if (verb === 'void') return said(this.returns.void(found, seen));
    if (verb === 'cancel') this.move(found.id, { status: 'canceled', tenders: [build.tender({ state: 'expired' })] });
    return json(this.orders.find((order) => order.id === found.id));
  }

  private place({ key, body }: Seen): Response {
    const known = this.byKey.get(key ?? '');
    if (known) return json(known, 201);
    const number = this.orders.length + 1;
    const quantity = body?.lineItems.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
    const placed = build.order({
      id: `ord-${number}`,
      code: `CODE${number}`,
      seats: quantity,
      ...(body?.buyerEmail ? { buyerEmail: body.buyerEmail } : {}),
    });
    this.byKey.set(key ?? '', placed);
    this.orders = [placed, ...this.orders];
    return json(placed, 201);
  }

  /** Posters: listed, made (one for a key), and closed, which Stripe confirms later. */
  private poster({ method, key, body }: Seen, id: string | undefined, verb: string | undefined): Response {
    if (method === 'GET') return json({ posters: this.posters });
    const found = this.posters.find((poster) => poster.id === id);
    if (id && !found) return misbehave({ status: 404, code: 'unknown_poster' });
    if (found && verb === 'check') return json(found);
    if (found && verb === 'show') return json({ url: `http://127.0.0.1:4380/api/posters/${found.id}`, opened: true });
    if (found && verb === 'close') return json(this.movePoster(found.id, { state: 'closing' }));
    const made = build.poster({ ...(body as object), id: `pst-${key}`, state: 'starting', arrived: 0 });
    if (!this.posters.some((poster) => poster.id === made.id)) this.posters = [made, ...this.posters];
    return json(made, 201);
  }

  /** Changes a poster, and tells it on the stream. */
  movePoster(id: string, change: Partial<Poster>): Poster | undefined {
    this.posters = this.posters.map((poster) => (poster.id === id ? { ...poster, ...change } : poster));
    this.carrier.say('change', { number: 10, kind: 'poster', id });
    return this.posters.find((poster) => poster.id === id);
  }

  /** Events: listed, kept with ids of the book's own, refused to whoever edits an older one, and mirrored again. */
  private event({ method, body }: Seen, id: string | undefined, verb: string | undefined): Response {
    if (method === 'GET') return json({ events: this.events });
    const known = this.events.find((event) => event.id === id);
    if (id && !known) return misbehave({ status: 404, code: 'unknown_event' });
    if (known && verb === 'mirror') return json(this.keepEvent(build.mirrored(known, 'pending')));
    const edit = body as unknown as EventEdit;
    if (known && known.revision !== edit.revision) return misbehave({ status: 409, code: 'stale_edit' });
    const text = JSON.stringify(edit).replaceAll('"new-', '"kept-');
    const kept = { ...(JSON.parse(text) as EventEdit), id: known?.id ?? `evt-${this.events.length + 1}`, revision: (known?.revision ?? -1) + 1 };
    return json(this.keepEvent(build.mirrored(kept, 'pending')), known ? 200 : 201);
  }

  /** Changes an event or adds it, and tells it on the stream. */
  keepEvent(event: EventEdit): EventEdit {
    this.events = [...this.events.filter(({ id }) => id !== event.id), event];
    this.carrier.say('change', { number: 11, kind: 'catalogue' });
    return event;
  }

  private list(query: URLSearchParams): Response {
    const fits = this.orders.filter(
      (order) =>
        (!query.has('poster') || order.posterId === query.get('poster')) &&
        (!query.has('status') || order.status === query.get('status')) &&
        (!query.has('q') || `${order.code} ${order.buyerName ?? ''} ${order.buyerEmail ?? ''}`.includes(query.get('q') ?? '')),
    );
    const from = Number(query.get('after') ?? 0);
    const next = from + this.pageSize;
    return json({ orders: fits.slice(from, next), ...(next < fits.length ? { next: String(next) } : {}) });
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function said(answer: { body: unknown } | { problem: Partial<ProblemBody> }): Response {
  return 'problem' in answer ? misbehave(answer.problem) : json(answer.body, answer.body === undefined ? 204 : 200);
}

function json(body: unknown, status = 200): Response {
  if (status === 204) return new Response(null, { status });
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

function misbehave(answer: Partial<ProblemBody> | string | Error): Response {
  if (answer instanceof Error) throw answer;
  if (typeof answer === 'string') {
    return new Response(answer, { status: 200, headers: { 'Content-Type': 'text/html' } });
  }
  const problem = { status: 409, title: 'Conflict', detail: '', code: 'internal', next: '', ...answer };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
