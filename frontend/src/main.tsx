import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/perforated.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { createStream } from './live/stream';

/** A browser may forbid its stores; the till works without. */
function storage(name: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App
        platform={{
          stream: createStream(() => new EventSource('/api/stream')),
          locale: navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB',
          preferences: storage('localStorage'),
          session: storage('sessionStorage'),
        }}
      />
    </StrictMode>,
  );
}
