import { useEffect } from 'react';
import { checkPoster } from '~/api/posters';
import type { Poster } from '~/api/types';

/** How often Stripe is asked while somebody looks: the buyer stands before the desk, and reads are allotted. */
const every = 10_000;

/** Has Stripe asked for sales by the poster, at once and as long as the page is looked at. What there is comes by the stream. */
export function useNewArrivals({ id, state }: Poster) {
  const sells = state === 'open' || state === 'closing';
  useEffect(() => {
    if (!sells) return;
    const ask = () => {
      // Where it cannot be asked, the till says so itself, and the poll goes on.
      if (document.visibilityState === 'visible') checkPoster(id).catch(() => undefined);
    };
    ask();
    const timer = setInterval(ask, every);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [id, sells]);
}
