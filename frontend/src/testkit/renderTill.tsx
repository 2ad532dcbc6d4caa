import { act, render, type RenderResult } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { App } from '~/app/App';
import { Providers, type Platform } from '~/app/Providers';
import { createStream } from '~/live/stream';
import { FakeTill } from './fakeTill';

export interface Rendered extends RenderResult {
  till: FakeTill;
  user: UserEvent;
}

/** The whole program at an address, against a till in memory. */
export function renderApp(address = '/sell', till = new FakeTill()): Rendered {
  window.location.hash = address;
  return start(till, <App platform={platformOf(till)} />);
}

/** One screen with everything around it that it needs. */
export function renderScreen(screen: ReactNode, till = new FakeTill()): Rendered {
  return start(
    till,
    <Providers platform={platformOf(till)}>
      <Router hook={useHashLocation}>{screen}</Router>
    </Providers>,
  );
}

function start(till: FakeTill, node: ReactNode): Rendered {
  vi.stubGlobal('fetch', till.fetch);
  const rendered = render(node);
  act(() => till.carrier.say('hello'));
  return Object.assign(rendered, { till, user: userEvent.setup() });
}

function platformOf(till: FakeTill): Platform {
  return {
    stream: createStream(till.carrier.open),
    locale: 'en-GB',
    preferences: window.localStorage,
    session: window.sessionStorage,
  };
}
