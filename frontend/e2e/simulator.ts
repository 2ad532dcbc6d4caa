/** A simulated Stripe that runs by itself, with accounts and keys: what the test and live books are connected to here. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, freePort, pause } from './program';

interface Account {
  id: string;
  name: string;
  main: boolean;
}

/** What a restricted key has to be allowed. */
const permissions = {
  checkout_sessions: 'write',
  products: 'write',
  prices: 'write',
  payment_links: 'write',
  refunds: 'write',
  payment_intents: 'write',
  tax_rates: 'write',
  events: 'read',
  charges: 'read',
  balance: 'read',
  balance_transactions: 'read',
  payment_method_configurations: 'read',
  payouts: 'read',
  disputes: 'read',
} as const;

type Permissions = Partial<Record<keyof typeof permissions, 'read' | 'write' | 'none'>>;

export class Simulator {
  private constructor(
    private readonly data: string,
    private readonly address: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<Simulator> {
    const data = await mkdtemp(path.join(tmpdir(), 'willcall-sim-'));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(binary, ['sim'], {
      env: { PATH: process.env.PATH, HOME: data, WILLCALL_DATA: data, WILLCALL_SIM_ADDR: address },
    });
    const simulator = new Simulator(data, address, child);
    for (let tries = 0; tries < 1200; tries++) {
      if (await simulator.answers()) return simulator;
      await pause(25);
    }
    throw new Error('the simulated Stripe did not start');
  }

  get url(): string {
    return `http://${this.address}`;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
    await rm(this.data, { recursive: true, force: true });
  }

  async mainAccount(): Promise<Account> {
    const accounts = await this.control<Account[] | { accounts: Account[] }>('GET', 'accounts');
    const found = (Array.isArray(accounts) ? accounts : accounts.accounts).find(({ main }) => main);
    if (!found) throw new Error('the simulated Stripe has no main account');
    return found;
  }

  /** Another organizer's account, which has not given any consent yet. */
  async addAccount(id: string, name: string): Promise<void> {
    await this.control('POST', 'accounts', { id, name, connected: false });
  }

  /** A key of the account's own; all that is asked for is allowed unless `lacks` says otherwise. */
  async restrictedKey(lacks: Permissions = {}, livemode = false): Promise<string> {
    return this.key({ kind: 'restricted', livemode, permissions: { ...permissions, ...lacks } });
  }

  async publishableKey(): Promise<string> {
    return this.key({ kind: 'publishable' });
  }

  async secretKey(): Promise<string> {
    return this.key({ kind: 'secret' });
  }

  async permit(key: string, lacks: Permissions): Promise<void> {
    await this.control('PATCH', `keys/${key}`, { permissions: { ...permissions, ...lacks } });
  }

  async revoke(key: string): Promise<void> {
    await this.control('DELETE', `keys/${key}`);
  }

  /** A platform of the main account; returns its client id. */
  async platform(redirect: string): Promise<string> {
    return (await this.control<{ client_id: string }>('POST', 'platforms', { redirect_uris: [redirect] })).client_id;
  }

  private async key(wanted: object): Promise<string> {
    return (await this.control<{ key: string }>('POST', 'keys', wanted)).key;
  }

  private async control<Body>(method: string, knob: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.url}/_sim/${knob}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${knob}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/_sim/accounts`)).ok;
    } catch {
      return false;
    }
  }
}
