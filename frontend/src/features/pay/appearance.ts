import type { Appearance } from '@stripe/stripe-js';

/** Stripe's variables and the tokens of the till that they take their colours from. */
const colours = {
  colorPrimary: '--accent',
  colorBackground: '--sheet',
  colorText: '--ink',
  colorTextSecondary: '--ink-soft',
  colorDanger: '--bad',
} as const;

/** The till's look for Stripe's own form, whose frame cannot read our style sheets: the tokens as colours of this moment. */
export function appearanceOf(page: HTMLElement): Appearance {
  const probe = page.appendChild(document.createElement('span'));
  const variables: Record<string, string> = { borderRadius: '10px', fontSizeBase: '17px', spacingUnit: '5px' };
  for (const [variable, token] of Object.entries(colours)) {
    probe.style.color = `var(${token})`;
    const colour = getComputedStyle(probe).color;
    if (colour.startsWith('rgb')) variables[variable] = colour;
  }
  probe.remove();
  return { theme: window.matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe', variables };
}
