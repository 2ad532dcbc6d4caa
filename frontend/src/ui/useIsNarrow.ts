import { useSyncExternalStore } from 'react';

const narrow = '(max-width: 48rem)';

/** Whether the screen is a phone's or an upright tablet's, as in the style sheets. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(narrow).matches);
}

function subscribe(wake: () => void) {
  const query = window.matchMedia(narrow);
  query.addEventListener('change', wake);
  return () => query.removeEventListener('change', wake);
}
