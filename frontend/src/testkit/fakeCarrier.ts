import type { Carrier } from '~/live/stream';

type Listener = (event: { data?: string }) => void;

/** The server's end of the live stream, in a test's hands. */
export class FakeCarrier {
  opened = 0;
  closed = 0;
  private readyState = 1;
  private listeners = new Map<string, Listener>();

  /** What `createStream` calls to connect; only the newest connection hears anything. */
  readonly open = (): Carrier => {
    this.opened++;
    this.readyState = 1;
    const listeners = new Map<string, Listener>();
    this.listeners = listeners;
    const readyState = () => this.readyState;
    return {
      get readyState() {
        return readyState();
      },
      addEventListener: (kind, listener) => listeners.set(kind, listener),
      close: () => {
        this.closed++;
      },
    };
  };

  /** The server says something. */
  say(kind: 'hello' | 'change' | 'heartbeat', data: unknown = {}): void {
    this.listeners.get(kind)?.({ data: JSON.stringify(data) });
  }

  /** The connection breaks; `forGood` when the browser will not try again by itself. */
  breaks(forGood = false): void {
    this.readyState = forGood ? 2 : 0;
    this.listeners.get('error')?.({});
  }
}
