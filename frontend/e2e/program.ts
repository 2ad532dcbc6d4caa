/** The real program in training, each time with a data folder and ports of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const binary = process.env.WILLCALL_BIN ?? path.resolve(import.meta.dirname, '../../bin/willcall');

/** A fault of the simulated Stripe, as its control API takes it. */
export interface Fault {
  method?: string;
  path?: string;
  times?: number;
  kind: 'status' | 'html' | 'empty' | 'garbage' | 'cut' | 'drop_before' | 'drop_after' | 'hang' | 'delay';
  status?: number;
  delay?: string;
}

export class Program {
  private process: ChildProcess | undefined;
  private output = '';

  private constructor(
    private readonly data: string,
    private readonly address: string,
    private readonly simAddress: string,
    private readonly payAddress: string,
    /** More of the environment, such as which Stripe is asked. */
    private readonly more: Readonly<Record<string, string>>,
  ) {}

  static async start(more: Readonly<Record<string, string>> = {}): Promise<Program> {
    const data = await mkdtemp(path.join(tmpdir(), 'willcall-e2e-'));
    const [till, sim, pay] = [await freePort(), await freePort(), await freePort()].map((port) => `127.0.0.1:${port}`);
    const program = new Program(data, till ?? '', sim ?? '', pay ?? '', more);
    await program.run();
    return program;
  }

  get url(): string {
    return `http://${this.address}/`;
  }

  /** Starts the program on the same data and ports, and waits until it answers. */
  async run(): Promise<void> {
    this.process = spawn(binary, ['serve'], {
      env: {
        PATH: process.env.PATH,
        HOME: this.data,
        WILLCALL_DATA: path.join(this.data, 'book'),
        WILLCALL_ADDR: this.address,
        WILLCALL_SIM_ADDR: this.simAddress,
        WILLCALL_PAY_ADDR: this.payAddress,
        ...this.more,
      },
    });
    this.process.stdout?.on('data', (text) => (this.output += String(text)));
    this.process.stderr?.on('data', (text) => (this.output += String(text)));
    for (let tries = 0; tries < 1200; tries++) {
      if (await this.answers()) return;
      await pause(25);
    }
    throw new Error(`Willcall did not start:\n${this.output}`);
  }

  /** Ends the program at once, as a power cut would. */
  async kill(): Promise<void> {
    const running = this.process;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** An answer of the till's own API. */
  async api<Body>(place: string, init?: RequestInit): Promise<Body> {
    const response = await fetch(new URL(place, this.url), init);
    if (!response.ok) throw new Error(`${place}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  /** Makes the simulated Stripe misbehave; without faults it behaves again. */
  faults(...faults: Fault[]): Promise<void> {
    return this.control('PUT', 'faults', { faults });
  }

  /** Moves the simulated Stripe's clock. */
  advance(duration: string): Promise<void> {
    return this.control('POST', 'clock', { advance: duration });
  }

  /** Lets the bank decide on a delayed payment. */
  settle(sessionId: string, outcome: 'succeeded' | 'failed'): Promise<void> {
    return this.control('POST', `sessions/${sessionId}/settle`, { outcome });
  }

  private async control(method: string, knob: string, body: unknown): Promise<void> {
    const response = await fetch(`http://${this.simAddress}/_sim/${knob}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${knob}: ${response.status} ${await response.text()}`);
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(new URL('healthz', this.url))).ok;
    } catch {
      return false;
    }
  }
}

const given = new Set<number>();

/**
 * A port that nothing listens on, and none that was given before, below those that the system gives to whoever asks for any: a
 * till that is started again finds it free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 20_000);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
