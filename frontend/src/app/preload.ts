/** Fetches the code's screen; the same promise each time. */
export const loadCodePage = () => import('./CodePage');

/** Fetches the code's screen as soon as the first screen is at rest, so that a tap on Pay does not wait for it. */
export function preloadCodePage(): void {
  setTimeout(() => void loadCodePage().catch(() => undefined), 500);
}
