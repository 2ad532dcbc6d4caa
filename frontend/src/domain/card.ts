const names: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

/** A card brand as its cards spell it; Stripe writes it in small letters (docs.stripe.com/api/charges/object, card.brand). */
export function cardName(brand: string): string {
  return names[brand] ?? brand;
}
