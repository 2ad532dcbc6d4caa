import type { Access, Book, Connection, Consent, Permission, PlatformKeys, PlatformSet, ProblemBody, Status } from '~/api/types';

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  admin: string | null;
  body: unknown;
}

type Answer = { body: unknown } | { problem: Partial<ProblemBody> };

export const permissions: Permission[] = [
  { name: 'Checkout Sessions', access: 'write', needed: true, for: 'no code can be made for a buyer' },
  { name: 'Events', access: 'read', needed: true, for: 'a payment is not noticed' },
  { name: 'Payouts', access: 'read', needed: false, for: 'payouts are not shown' },
];

/**
 * The till's office in memory: PIN, vault, account, platform and books, with the rules that screens lean on. A key that ends
 * in `_good` connects; whoever shows the right PIN gets a token, and what needs the administrator takes no other.
 */
export class FakeOffice {
  pin: string | undefined;
  passphrase: string | undefined;
  vault: Access['vault'] = { kind: 'none', state: 'open' };
  connection: Connection = {
    state: 'connected',
    via: 'simulator',
    livemode: false,
    publishable: true,
    warnings: [],
    methods: ['card'],
    canOAuth: false,
    delayed: false,
    webhook: { set: false, received: 0 },
  };
  consent: Consent = { url: 'https://stripe.test/oauth/authorize', expiresAt: '2026-11-21T12:10:00Z', opened: true, paste: false };
  platform: PlatformSet = {
    secretKey: false,
    publishableKey: false,
    clientId: false,
    redirect: 'http://127.0.0.1:4380/connect/return',
  };
  books: Book[] = [
    { name: 'training', mode: 'training', open: true, begun: true },
    { name: 'test', mode: 'training', open: false, begun: false },
    { name: 'live', mode: 'live', open: false, begun: false },
  ];
  /** Stripe cannot be told that the account is to be let go. */
  stripeIsAway = false;
  private token: string | undefined;
  private tokens = 0;

  constructor(private readonly tell: (status: Partial<Status>) => void) {}

  /** Opens a book that has no account yet. */
  unconnected(book: 'test' | 'live', change: Partial<Connection> = {}): void {
    this.books = this.books.map((one) => ({ ...one, open: one.name === book, begun: one.begun || one.name === book }));
    this.vault = { kind: 'keychain', state: 'open' };
    this.connection = { ...withoutAccount(this.connection), livemode: book === 'live', methods: [], ...change };
    this.tell({ book, mode: book === 'live' ? 'live' : 'training', bookId: `book-${book}`, connection: this.connection.state });
  }

  /** Something happens to the connection, and the stream tells it. */
  become(change: Partial<Connection>): void {
    this.connection = { ...this.connection, ...change };
    this.tell({ connection: this.connection.state });
  }

  /** The administrator's time is up. */
  forgetAdmin(): void {
    this.token = undefined;
  }

  answer(asked: Asked): Answer | undefined {
    const [, , kind, part, verb] = asked.path.split('/');
    if (kind === 'access') return this.access(asked, part);
    if (kind === 'books') return part ? this.open(asked, part as Book['name']) : { body: { books: this.books } };
    if (kind === 'platform') return this.ofPlatform(asked);
    if (kind !== 'connection') return undefined;
    if (part === 'permissions') return { body: { permissions, form: 'https://dashboard.stripe.com/test/apikeys/create' } };
    if (asked.method === 'GET') return { body: this.connection };
    return this.refused(asked, false) ?? this.connect(asked, part, verb);
  }

  private access({ method, admin, body }: Asked, part: string | undefined): Answer {
    const sent = (body ?? {}) as { pin?: string; current?: string; passphrase?: string };
    if (part === 'lock') {
      if (admin === this.token) this.token = undefined;
      return { body: undefined };
    }
    if (part === 'unlock') return sent.pin === this.pin ? this.admit() : wrongPin;
    if (part === 'pin' && method === 'PUT') {
      if (this.pin !== undefined && sent.current !== this.pin) return wrongPin;
      this.pin = sent.pin;
      return this.admit();
    }
    if (part === 'vault') {
      if (this.vault.state === 'locked' && sent.passphrase !== this.passphrase) return { problem: { status: 403, code: 'bad_passphrase' } };
      this.passphrase = sent.passphrase;
      this.vault = { ...this.vault, state: 'open' };
      this.tell({});
    }
    return { body: { pinSet: this.pin !== undefined, vault: this.vault } };
  }

  private connect({ method, query, body }: Asked, part: string | undefined, verb: string | undefined): Answer {
    const sent = (body ?? {}) as { key?: string; publishableKey?: string; address?: string; secret?: string; delayed?: boolean };
    const account: Partial<Connection> = { state: 'connected', accountId: 'acct_1', accountName: 'Playhouse', methods: ['card', 'paypal'] };
    if (method === 'DELETE') {
      if (this.stripeIsAway && !query.has('force')) return { problem: { status: 503, code: 'stripe_unreachable' } };
      this.connection = withoutAccount(this.connection);
      this.tell({ connection: 'none' });
    } else if (part === 'key') {
      if (!sent.key?.endsWith('_good')) return { problem: { status: 422, code: 'bad_key', detail: 'It should begin with rk_test_.' } };
      this.become({ ...account, via: 'key', keyKind: 'restricted', publishable: Boolean(sent.publishableKey) });
    } else if (part === 'oauth') {
      if (!verb) return { body: this.consent };
      if (!sent.address?.includes('code=')) return { problem: { status: 422, code: 'oauth_state' } };
      this.become({ ...account, via: 'oauth', publishable: true });
    } else if (part === 'methods') {
      this.become({ delayed: sent.delayed ?? false });
    } else if (part === 'webhook') {
      this.become({ webhook: { set: sent.secret !== '', received: 0 } });
    }
    return { body: this.connection };
  }

  private ofPlatform(asked: Asked): Answer {
    const refusal = this.refused(asked, true);
    if (refusal) return refusal;
    if (asked.method === 'PUT') {
      const keys = asked.body as PlatformKeys;
      const { secretKey, publishableKey, clientId } = this.platform;
      this.platform = {
        ...this.platform,
        secretKey: secretKey || Boolean(keys.secretKey),
        publishableKey: publishableKey || Boolean(keys.publishableKey),
        clientId: clientId || Boolean(keys.clientId),
        ...(keys.fee ? { fee: keys.fee } : {}),
      };
    }
    return { body: this.platform };
  }

  private open(asked: Asked, name: Book['name']): Answer {
    const refusal = this.refused(asked, false);
    if (refusal) return refusal;
    if (name === 'training') {
      this.books = this.books.map((one) => ({ ...one, open: one.name === name }));
      this.tell({ book: name, mode: 'training', bookId: 'book-1', connection: 'connected' });
    } else this.unconnected(name);
    return { body: { books: this.books } };
  }

  private refused({ admin }: Asked, needed: boolean): Answer | undefined {
    if (this.pin === undefined && !needed) return undefined;
    return this.token !== undefined && admin === this.token ? undefined : { problem: { status: 401, code: 'pin_needed' } };
  }

  private admit(): Answer {
    this.token = `token-${++this.tokens}`;
    return { body: { token: this.token, until: '2026-11-21T12:15:00Z' } };
  }
}

function withoutAccount(connection: Connection): Connection {
  const bare: Connection = { ...connection, state: 'none', publishable: false };
  delete bare.via;
  delete bare.keyKind;
  delete bare.accountId;
  delete bare.accountName;
  return bare;
}

const wrongPin: Answer = { problem: { status: 403, code: 'pin_wrong' } };
