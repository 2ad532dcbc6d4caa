import { useEffect, useRef, type RefObject } from 'react';

/** Catches the focus once a dialog has closed whose button went away with its card, which would leave it nowhere. */
export function useFocusBack(isOpen: boolean, place: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const closed = wasOpen.current && !isOpen;
    wasOpen.current = isOpen;
    if (!closed) return;
    // The dialog gives the focus back in a frame of its own; this is the one after.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (document.activeElement === document.body) place.current?.focus();
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [isOpen, place]);
}
