import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation, useRoute } from 'wouter';
import { ParkedStrip } from '~/features/code/ParkedStrip';
import { useShortcuts } from '~/ui/shortcuts';
import styles from './Frame.module.css';
import { LostBar } from './LostBar';
import { ModeBand } from './ModeBand';
import { Navigation } from './Navigation';
import { preloadCodePage } from './preload';
import { SalesFilterProvider } from './salesFilter';
import { StandstillBar } from './StandstillBar';
import { TopBar } from './TopBar';

const KeysDialog = lazy(() => import('./KeysDialog'));
const TillDialog = lazy(() => import('./TillDialog'));

/** What stands around every screen, always in the same place: the mode, Stripe, where one can go, the codes that wait. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('app');
  const [location, go] = useLocation();
  const [, code] = useRoute('/code/:id');
  const [dialog, setDialog] = useState<'keys' | 'till' | null>(null);
  const main = useRef<HTMLElement>(null);
  const atWelcome = location === '/welcome';
  const close = () => setDialog(null);

  useEffect(preloadCodePage, []);
  useEffect(() => main.current?.focus(), [location]);
  useShortcuts({ s: () => go('/sell'), l: () => go('/sales'), e: () => go('/events'), w: () => go('/posters'), g: () => go('/settings'), '?': () => setDialog('keys') });

  return (
    <SalesFilterProvider>
      <div className={styles.frame}>
        <a
          className={styles.skip}
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
        >
          {t('skip')}
        </a>
        <header>
          <TopBar
            navigation={!atWelcome && <Navigation location={location} />}
            onKeys={() => setDialog('keys')}
            onTill={() => setDialog('till')}
          />
          <ModeBand />
        </header>
        <main ref={main} id="main" tabIndex={-1} className={styles.main}>
          <LostBar />
          <StandstillBar />
          {children}
        </main>
        {!atWelcome && <ParkedStrip onScreen={code?.id} onOpen={(order) => go(`/code/${order.id}`)} />}
        {!atWelcome && (
          <div className={styles.foot}>
            <Navigation location={location} />
          </div>
        )}
        <Suspense>
          {dialog === 'keys' && <KeysDialog onClose={close} />}
          {dialog === 'till' && <TillDialog onClose={close} />}
        </Suspense>
      </div>
    </SalesFilterProvider>
  );
}
