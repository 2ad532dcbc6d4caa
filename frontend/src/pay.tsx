/** The page on which a card is typed: served over TLS by the till, opened in the system's browser, and no part of the till's own page. */
import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/perforated.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'use-intl';
import { NoOrder } from './features/pay/NoOrder';
import { openStripe } from './features/pay/openStripe';
import { PayPage } from './features/pay/PayPage';
import { takeTurn } from './features/pay/turn';
import { en } from './messages/en';
import { pay } from './messages/pay.en';

const address = new URL(window.location.href);
const order = address.searchParams.get('order') ?? '';
const here = `${address.origin}${address.pathname}?order=${encodeURIComponent(order)}`;
// A bank's own page comes back with the payment's secret in the address; it has no business in the browser's history.
window.history.replaceState(null, '', here);

const root = document.getElementById('root');
const locks = 'locks' in navigator ? navigator.locks : undefined;
const turn = takeTurn(`willcall-pay-${order}`, locks);
const queries = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: false } },
});

if (root) {
  createRoot(root).render(
    <StrictMode>
      <IntlProvider
        locale={navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB'}
        messages={{ ...en, pay }}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        <QueryClientProvider client={queries}>
          {order ? <PayPage order={order} openStripe={openStripe} turn={turn} returnUrl={here} /> : <NoOrder />}
        </QueryClientProvider>
      </IntlProvider>
    </StrictMode>,
  );
}
