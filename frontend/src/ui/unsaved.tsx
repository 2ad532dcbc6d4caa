import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { useTranslations } from 'use-intl';
import { useHashLocation } from 'wouter/use-hash-location';
import { Button } from './Button';
import { Dialog } from './Dialog';

/** The address that has unsaved work on it, which is shown until it is saved or given up. */
const UnsavedContext = createContext<{ held: string | null; hold: (address: string | null) => void }>({
  held: null,
  hold: () => undefined,
});

/** Asks before unsaved work is left, whichever way: a link, a key, the browser's back, another address. */
export function UnsavedProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('unsaved');
  const [held, hold] = useState<string | null>(null);
  const [address, go] = useHashLocation();
  const value = useMemo(() => ({ held, hold }), [held]);
  const stay = () => {
    if (held !== null) go(held);
  };
  return (
    <UnsavedContext value={value}>
      {children}
      {held !== null && address !== held && (
        <Dialog
          role="alertdialog"
          title={t('title')}
          onClose={stay}
          actions={
            <>
              <Button look="danger" onPress={() => hold(null)}>
                {t('leave')}
              </Button>
              <Button look="primary" autoFocus onPress={stay}>
                {t('stay')}
              </Button>
            </>
          }
        >
          <p>{t('body')}</p>
        </Dialog>
      )}
    </UnsavedContext>
  );
}

/** The router's address: the one that is held, while there is unsaved work on it. */
export function useHeldLocation(): ReturnType<typeof useHashLocation> {
  const { held } = use(UnsavedContext);
  const [address, go] = useHashLocation();
  return [held ?? address, go];
}
useHeldLocation.hrefs = (address: string) => `#${address}`;

/** Holds the screen for as long as `isUnsaved`; returns what lets it go at once, for work that has just been saved. */
export function useUnsaved(isUnsaved: boolean): () => void {
  const { hold } = use(UnsavedContext);
  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    hold(`/${window.location.hash.replace(/^#?\/?/, '')}`);
    window.addEventListener('beforeunload', warn);
    return () => {
      hold(null);
      window.removeEventListener('beforeunload', warn);
    };
  }, [isUnsaved, hold]);
  return useCallback(() => flushSync(() => hold(null)), [hold]);
}
