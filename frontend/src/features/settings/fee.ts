import type { PlatformSet } from '~/api/types';
import { currencies } from '~/domain/currencies';
import { parsePercent, percentText } from '~/domain/percent';
import { parsePrice, priceText } from '~/domain/price';

/** The platform's fee as it stands in its fields. */
export interface FeeText {
  percent: string;
  fixed: string;
  /** ISO code in capitals. */
  currency: string;
}

export type FeeFault = 'percent' | 'fixed' | 'currency';

type Fee = NonNullable<PlatformSet['fee']>;

/** The API counts hundredths of a percent; the fields share ten-thousandths with the taxes. */
const unit = 100;
const most = 9_999;

export function feeText(fee: Fee | undefined): FeeText {
  return {
    percent: fee && fee.percent > 0 ? percentText(fee.percent * unit) : '',
    fixed: fee?.fixed ? priceText(fee.fixed) : '',
    currency: fee?.fixed ? fee.fixed.currency.toUpperCase() : 'EUR',
  };
}

/** Which fields are not right; none when nothing is typed. */
export function feeFaults({ percent, fixed, currency }: FeeText): FeeFault[] {
  const faults: FeeFault[] = [];
  if (percentOf(percent) === undefined) faults.push('percent');
  if (fixed.trim() === '') return faults;
  if (!currencies.includes(currency.trim().toLowerCase())) return [...faults, 'currency'];
  if (parsePrice(fixed, currency.trim().toLowerCase()).fault) faults.push('fixed');
  return faults;
}

/** The fee for the till; only of fields without faults. */
export function feeOf({ percent, fixed, currency }: FeeText): Fee {
  const code = currency.trim().toLowerCase();
  const parsed = parsePrice(fixed, code);
  const isFixed = parsed.fault === undefined && parsed.minor > 0;
  return { percent: percentOf(percent) ?? 0, ...(isFixed ? { fixed: { minor: parsed.minor, currency: code } } : {}) };
}

function percentOf(text: string): number | undefined {
  if (text.trim() === '') return 0;
  const units = parsePercent(text);
  if (units === undefined || units % unit !== 0 || units / unit > most) return undefined;
  return units / unit;
}
