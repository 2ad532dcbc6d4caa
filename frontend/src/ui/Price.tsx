import { useLocale } from 'use-intl';
import { format, type Amount } from '~/domain/money';

/** An amount of money as a figure. */
export function Price({ amount }: { amount: Amount }) {
  return <>{usePrice()(amount)}</>;
}

/** Writes an amount in the till's language. */
export function usePrice(): (amount: Amount) => string {
  const locale = useLocale();
  return (amount) => format(amount, locale);
}
