import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { SellScreen } from '~/features/sell/SellScreen';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { usePreferences } from '~/ui/preferences';
import { loadCodePage } from './preload';

const WelcomePage = lazy(() => import('./WelcomePage'));
const CodePage = lazy(loadCodePage);
const SalesPage = lazy(() => import('./SalesPage'));
const OrderPage = lazy(() => import('./OrderPage'));
const LatePage = lazy(() => import('./LatePage'));
const EventsPage = lazy(() => import('./EventsPage'));
const PostersPage = lazy(() => import('./PostersPage'));
const ReconcilePage = lazy(() => import('./ReconcilePage'));
const DrillsPage = lazy(() => import('./DrillsPage'));
const SettingsPage = lazy(() => import('./SettingsPage'));

/** Which screen an address shows. All but Sell are fetched when they are first needed. */
export function Screens() {
  const [, go] = useLocation();
  const { preferences } = usePreferences();
  return (
    <Suspense>
      <Switch>
        <Route path="/">
          <Redirect to={preferences.welcomed ? '/sell' : '/welcome'} replace />
        </Route>
        <Route path="/welcome">
          <WelcomePage />
        </Route>
        <Route path="/sell">
          <SellScreen onPlaced={(order) => go(`/code/${order.id}`)} onSetUp={() => go('/events/new')} />
        </Route>
        <Route path="/code/:id">{({ id }) => <CodePage key={id} id={id} />}</Route>
        <Route path="/sales">
          <SalesPage />
        </Route>
        <Route path="/sales/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
        <Route path="/late">
          <LatePage />
        </Route>
        <Route path="/events">
          <EventsPage />
        </Route>
        <Route path="/events/:id">{({ id }) => <EventsPage key={id} id={id} />}</Route>
        <Route path="/posters">
          <PostersPage />
        </Route>
        <Route path="/posters/:id">{({ id }) => <PostersPage key={id} id={id} />}</Route>
        <Route path="/reconcile/:period?">{({ period }) => <ReconcilePage {...(period ? { period } : {})} />}</Route>
        <Route path="/drills">
          <DrillsPage />
        </Route>
        <Route path="/settings">
          <SettingsPage />
        </Route>
        <Route path="/settings/:section">{({ section }) => <SettingsPage section={section} />}</Route>
        <Route>
          <Nowhere onLeave={() => go('/sell')} />
        </Route>
      </Switch>
    </Suspense>
  );
}

function Nowhere({ onLeave }: { onLeave: () => void }) {
  const t = useTranslations('app');
  return (
    <Empty
      action={
        <Button look="primary" onPress={onLeave}>
          {t('nothingHereAction')}
        </Button>
      }
    >
      {t('nothingHere')}
    </Empty>
  );
}
