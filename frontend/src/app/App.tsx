import { Router } from 'wouter';
import { UnsavedProvider, useHeldLocation } from '~/ui/unsaved';
import { CrashBoundary } from './CrashBoundary';
import { Frame } from './Frame';
import { Providers, type Platform } from './Providers';
import { Screens } from './Screens';

/** The till. Its address lives behind the #, because the window's origin is not a server that could know paths. */
export function App({ platform }: { platform: Platform }) {
  return (
    <Providers platform={platform}>
      <CrashBoundary>
        <UnsavedProvider>
          <Router hook={useHeldLocation}>
            <Frame>
              <Screens />
            </Frame>
          </Router>
        </UnsavedProvider>
      </CrashBoundary>
    </Providers>
  );
}
