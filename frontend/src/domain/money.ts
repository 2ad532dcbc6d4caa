/**
 * Money as whole numbers: `minor` counts Stripe's minor unit of `currency` (lower case, as Stripe writes it). No
 * floating-point number ever holds an amount; figures are cut from the digits of the whole number.
 */
export interface Amount {
  readonly minor: number;
  readonly currency: string;
}

/** Currencies whose minor unit is the unit itself (docs.stripe.com/currencies#zero-decimal). */
const noDecimals = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));

/** Currencies with a thousandth as minor unit (docs.stripe.com/currencies#three-decimal). */
const threeDecimals = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Currencies without decimals that Stripe nevertheless counts in hundredths (docs.stripe.com/currencies#special-cases). */
const wholeHundreds = new Set(['isk', 'ugx']);

/** How many digits of `minor` stand behind the decimal point. */
export function decimals(currency: string): number {
  if (noDecimals.has(currency)) return 0;
  return threeDecimals.has(currency) ? 3 : 2;
}

/** The amount as an exact decimal numeral, for example `24.00` for 2400 eur. */
export function numeral({ minor, currency }: Amount): string {
  const places = decimals(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The amount as a person reads it, for example `€24.00`. */
export function format(amount: Amount, locale: string): string {
  const shown = wholeHundreds.has(amount.currency) ? 0 : decimals(amount.currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: amount.currency.toUpperCase(),
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(numeral(amount) as Intl.StringNumericLiteral);
}

/** `quantity` times the amount. */
export function times(amount: Amount, quantity: number): Amount {
  return { minor: amount.minor * quantity, currency: amount.currency };
}

/** The sums, one for each currency, in the order in which the currencies appear. */
export function sums(amounts: readonly Amount[]): Amount[] {
  const byCurrency = new Map<string, number>();
  for (const { minor, currency } of amounts) byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor);
  return Array.from(byCurrency, ([currency, minor]) => ({ minor, currency }));
}
