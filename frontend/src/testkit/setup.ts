/** What jsdom lacks for the till: addresses relative to the page in Request, media queries, and a size for what scrolls. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

/** A machine that several people share is slow at times; what is waited for comes all the same. */
configure({ asyncUtilTimeout: 5_000 });
vi.setConfig({ testTimeout: 20_000 });

const NodeRequest = globalThis.Request;

/** Node's Request wants whole addresses, and its own kind of AbortSignal. */
class PageRequest extends NodeRequest {
  constructor(input: RequestInfo | URL, init: RequestInit = {}) {
    const { signal, ...rest } = init;
    super(typeof input === 'string' ? new URL(input, 'http://till.test') : input, rest);
    if (signal) Object.defineProperty(this, 'signal', { value: signal });
  }
}

vi.stubGlobal('Request', PageRequest);

export const media = new Set<string>();

vi.stubGlobal('matchMedia', (query: string) => ({
  matches: media.has(query),
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

vi.stubGlobal('CSS', { escape: (text: string) => text.replaceAll(/[^\w-]/g, (sign) => `\\${sign}`) });

Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 800 });

afterEach(() => {
  cleanup();
  media.clear();
  window.location.hash = '';
  window.localStorage.clear();
  window.sessionStorage.clear();
});
