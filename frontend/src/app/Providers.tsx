import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { IntlProvider } from 'use-intl';
import { Problem } from '~/api/problem';
import { forgetWatched, ParkedProvider } from '~/features/code/ParkedProvider';
import { CartProvider } from '~/features/sell/CartProvider';
import { LiveProvider } from '~/live/LiveProvider';
import type { Stream } from '~/live/stream';
import { en } from '~/messages/en';
import { AdminProvider } from '~/ui/admin';
import { Announcer } from '~/ui/announcer';
import { PreferencesProvider } from '~/ui/preferences';
import { OwedProvider } from '~/ui/useOnce';
import { BookBoundary } from './BookBoundary';

/** What the screens need from the machine they run on. */
export interface Platform {
  stream: Stream;
  /** How figures and dates are written: an English of the person's own country. */
  locale: string;
  /** Where preferences stay; nowhere if the browser forbids it. */
  preferences: Storage | undefined;
  /** Where the watched codes' ids, and what is owed an answer, outlive a reload. */
  session: Storage | undefined;
}

export function Providers({ platform, children }: { platform: Platform; children: ReactNode }) {
  const [queries] = useState(createQueryClient);
  const forget = useCallback(() => forgetWatched(platform.session), [platform]);
  return (
    <IntlProvider locale={platform.locale} messages={en} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      <PreferencesProvider store={platform.preferences}>
        <QueryClientProvider client={queries}>
          <LiveProvider stream={platform.stream}>
            <Announcer>
              <AdminProvider>
                {/* What is owed goes by the ids of one book, and is owed still when that book is open again. */}
                <OwedProvider store={platform.session}>
                  <BookBoundary onChange={forget}>
                    <CartProvider>
                      <ParkedProvider store={platform.session}>{children}</ParkedProvider>
                    </CartProvider>
                  </BookBoundary>
                </OwedProvider>
              </AdminProvider>
            </Announcer>
          </LiveProvider>
        </QueryClientProvider>
      </PreferencesProvider>
    </IntlProvider>
  );
}

/** The till is on this machine or beside it, so the browser's idea of being online says nothing. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && error instanceof Problem && error.isOutage,
        retryDelay: 400,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
