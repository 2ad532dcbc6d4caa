/** Amounts as people type them, and Stripe's rules about them: the same that the till's program holds them to. */
import { decimals, numeral, type Amount } from './money';

/** The most that Stripe charges at once, in minor units: eight digits (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
export const mostMinor = 99_999_999;

/** Least charges by currency, in minor units, where Stripe publishes one (the same source). */
const leastCharges: Readonly<Record<string, number>> = {
  usd: 50,
  eur: 50,
  chf: 50,
  aud: 50,
  cad: 50,
  nzd: 50,
  sgd: 50,
  jpy: 50,
  gbp: 30,
  dkk: 250,
  nok: 300,
  sek: 300,
  pln: 200,
  ron: 200,
  aed: 200,
  myr: 200,
  czk: 1500,
  huf: 17500,
  hkd: 400,
  mxn: 1000,
  thb: 1000,
};

/** What is wrong with an amount; the catalogue has a sentence for each. */
export type PriceFault = 'empty' | 'figures' | 'decimals' | 'least' | 'most' | 'thousandths' | 'hundreds';

/** Every charge is a multiple of this many minor units (docs.stripe.com/currencies#special-cases, #three-decimal). */
export function step(currency: string): number {
  if (currency === 'isk' || currency === 'ugx') return 100;
  return decimals(currency) === 3 ? 10 : 1;
}

/** The least that can be charged, in minor units. */
export function leastCharge(currency: string): number {
  return leastCharges[currency] ?? step(currency);
}

/** The most that can be charged, in minor units. */
export function mostCharge(currency: string): number {
  return mostMinor - (mostMinor % step(currency));
}

/** The rule of Stripe's that the amount breaks, if any. */
export function chargeFault({ minor, currency }: Amount): PriceFault | undefined {
  if (minor < leastCharge(currency)) return 'least';
  if (minor > mostMinor) return 'most';
  if (minor % step(currency) === 0) return undefined;
  return decimals(currency) === 3 ? 'thousandths' : 'hundreds';
}

/** An amount that was typed, or why it is none. */
export type Parsed = { readonly minor: number; readonly fault?: undefined } | { readonly fault: PriceFault };

/**
 * Reads an amount in major units: "24", "24,00", "1 234.50". A point or a comma is the decimal sign unless a different one
 * follows it or it comes more than once; what could be read in two ways is refused, never guessed. No float is involved.
 */
export function parsePrice(text: string, currency: string): Parsed {
  const bare = text.trim().replaceAll(/(?<=\d)[\s'’](?=\d{3}(?!\d))/g, '');
  if (bare === '') return { fault: 'empty' };
  const { whole, fraction } = split(bare);
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction)) return { fault: 'figures' };
  const places = decimals(currency);
  if (fraction.length > places) return { fault: 'decimals' };
  const digits = (whole + fraction.padEnd(places, '0')).replace(/^0+(?=\d)/, '');
  if (digits.length > 15) return { fault: 'most' };
  return { minor: Number.parseInt(digits, 10) };
}

/** An amount as it stands in its field; nothing for a zero that means that nothing was said. */
export function priceText(amount: Amount): string {
  return amount.minor === 0 ? '' : numeral(amount);
}

/** Cuts a numeral at its decimal sign; signs that group thousands are taken out where they cannot be anything else. */
function split(text: string): { whole: string; fraction: string } {
  const signs = text.match(/[.,]/g) ?? [];
  const last = signs.at(-1);
  if (!last) return { whole: text, fraction: '' };
  const others = signs.slice(0, -1);
  const groups = /^\d{1,3}([.,])\d{3}(\1\d{3})*$/;
  if (others.length > 0 && others.every((sign) => sign === last)) {
    return groups.test(text) ? { whole: text.replaceAll(last, ''), fraction: '' } : { whole: text, fraction: '' };
  }
  const at = text.lastIndexOf(last);
  const whole = text.slice(0, at);
  const grouped = others.length > 0 && groups.test(whole);
  return { whole: grouped ? whole.replaceAll(/[.,]/g, '') : whole, fraction: text.slice(at + 1) };
}
