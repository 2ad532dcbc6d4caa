import { useEffectEvent, useLayoutEffect } from 'react';
import { usePreferences } from './preferences';

/** What a key does: the `key` of a KeyboardEvent, or `shift+Digit1` for a shifted physical key. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

/** Binds keys for as long as the component is shown. Keys typed into a field, or while a dialog is open, stay there. */
export function useShortcuts(shortcuts: Shortcuts) {
  const { preferences } = usePreferences();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const run = shortcuts[nameOf(event)];
    if (!run || belongsElsewhere(event)) return;
    if (isSingleCharacter(event) && !preferences.singleKeys) return;
    event.preventDefault();
    run();
  });
  // Before anything can be seen: whoever sees a key's hint may press it.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  if (event.shiftKey && event.code.startsWith('Digit')) return `shift+${event.code}`;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function isSingleCharacter(event: KeyboardEvent): boolean {
  return event.key.length === 1;
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select')) return event.key !== 'Escape';
  return event.key === 'Enter' && target?.closest('button, a') != null;
}
