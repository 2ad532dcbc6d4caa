/** Ways to pay that are not written as their Stripe name would have it. */
const names: Readonly<Record<string, string>> = {
  eps: 'EPS',
  ideal: 'iDEAL',
  p24: 'Przelewy24',
  paypal: 'PayPal',
  mobilepay: 'MobilePay',
  sepa_debit: 'SEPA Direct Debit',
  us_bank_account: 'US bank account',
  wechat_pay: 'WeChat Pay',
  revolut_pay: 'Revolut Pay',
  afterpay_clearpay: 'Afterpay',
  cashapp: 'Cash App Pay',
  twint: 'TWINT',
  blik: 'BLIK',
};

/** A way to pay as buyers know it: `sepa_debit` → "SEPA Direct Debit", `apple_pay` → "Apple Pay". */
export function methodName(method: string): string {
  if (Object.hasOwn(names, method)) return names[method] ?? method;
  return method.replaceAll('_', ' ').replaceAll(/\b\p{Ll}/gu, (letter) => letter.toUpperCase());
}
