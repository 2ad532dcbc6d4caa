import { createContext, use, useCallback, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';

/** What one person at one screen likes. Never anything about a sale: that is the book's. */
export interface Preferences {
  theme: 'light' | 'dark' | 'system';
  /** Single-key shortcuts; some people dictate, and stray letters must not sell (WCAG 2.1.4). */
  singleKeys: boolean;
  welcomed: boolean;
  /** The name under which decisions about money were last taken here. */
  cashier: string;
}

const unset: Preferences = { theme: 'system', singleKeys: true, welcomed: false, cashier: '' };
const place = 'willcall.preferences';

type Change = (change: Partial<Preferences>) => void;
const PreferencesContext = createContext<{ preferences: Preferences; change: Change }>({
  preferences: unset,
  change: () => undefined,
});

export function PreferencesProvider({ store, children }: { store: Storage | undefined; children: ReactNode }) {
  const [preferences, setPreferences] = useState(() => read(store));
  const change = useCallback<Change>(
    (changed) =>
      setPreferences((old) => {
        const next = { ...old, ...changed };
        write(store, next);
        return next;
      }),
    [store],
  );
  useLayoutEffect(() => {
    const root = document.documentElement;
    if (preferences.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = preferences.theme;
  }, [preferences.theme]);
  const value = useMemo(() => ({ preferences, change }), [preferences, change]);
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences() {
  return use(PreferencesContext);
}

function read(store: Storage | undefined): Preferences {
  try {
    return { ...unset, ...(JSON.parse(store?.getItem(place) ?? '{}') as Partial<Preferences>) };
  } catch {
    return unset;
  }
}

function write(store: Storage | undefined, preferences: Preferences) {
  try {
    store?.setItem(place, JSON.stringify(preferences));
  } catch {
    // A full or forbidden store costs a preference, not a sale.
  }
}
