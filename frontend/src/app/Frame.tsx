import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation, useRoute } from 'wouter';
import { statusQuery } from '~/api/status';
import { ParkedStrip } from '~/features/code/ParkedStrip';
import { DrillButton } from '~/features/drills/DrillButton';
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
const DrillDrawer = lazy(() => import('~/features/drills/DrillDrawer'));

/** What stands around every screen, always in the same place: the mode, Stripe, where one can go, the codes that wait. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('app');
  const [location, go] = useLocation();
  const [, code] = useRoute('/code/:id');
  const [dialog, setDialog] = useState<'keys' | 'till' | 'drills' | null>(null);
  const main = useRef<HTMLElement>(null);
  const atWelcome = location === '/welcome';
  const close = () => setDialog(null);
  const hasDrills = useQuery(statusQuery).data?.book === 'training' && !atWelcome;

  useEffect(preloadCodePage, []);
  const screen = screenOf(location);
  useEffect(() => main.current?.focus(), [screen]);
  useShortcuts({
    s: () => go('/sell'),
    l: () => go('/sales'),
    m: () => go('/late'),
    e: () => go('/events'),
    w: () => go('/posters'),
    r: () => go('/reconcile'),
    g: () => go('/settings'),
    t: hasDrills ? () => setDialog('drills') : undefined,
    '?': () => setDialog('keys'),
  });

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
          <ModeBand drills={hasDrills && <DrillButton onPress={() => setDialog('drills')} />} />
        </header>
        <main ref={main} id="main" tabIndex={-1} className={styles.main}>
          <LostBar />
          <StandstillBar />
          {children}
        </main>
        {!atWelcome && <ParkedStrip onScreen={code?.id} onOpen={(order) => go(`/code/${order.id}`)} />}
        {!atWelcome && (
          <div className={styles.foot}>
            <Navigation location={location} isShort />
          </div>
        )}
        <Suspense>
          {dialog === 'keys' && <KeysDialog onClose={close} />}
          {dialog === 'till' && (
            <TillDialog
              onReconcile={() => {
                close();
                go('/reconcile');
              }}
              onClose={close}
            />
          )}
          {dialog === 'drills' && <DrillDrawer onClose={close} />}
        </Suspense>
      </div>
    </SalesFilterProvider>
  );
}

/** The part of the address that says which screen it is; which period is closed is a matter of its picker, which keeps the focus. */
function screenOf(location: string): string {
  return location.startsWith('/reconcile') ? '/reconcile' : location;
}
