import { describe, expect, test } from 'vitest';
import { currencies, currencyLabel } from './currencies';
import { decimals, numeral } from './money';
import { chargeFault, leastCharge, mostCharge, parsePrice, priceText, step } from './price';

describe('parsePrice', () => {
  test.each<[string, string, number | string]>([
    ['24', 'eur', 2400],
    ['24,00', 'eur', 2400],
    ['24.00', 'eur', 2400],
    ['24.5', 'eur', 2450],
    ['24.', 'eur', 2400],
    [' 24 ', 'eur', 2400],
    ['0.05', 'eur', 5],
    ['007', 'eur', 700],
    ['19.99', 'eur', 1999],
    ['1 234,50', 'eur', 123450],
    ['1\u00a0234,50', 'eur', 123450],
    ['1’234.50', 'chf', 123450],
    ['1,234.50', 'usd', 123450],
    ['1.234,50', 'eur', 123450],
    ['1,234,567', 'usd', 123456700],
    ['1,234,567.89', 'usd', 123456789],
    ['', 'eur', 'empty'],
    ['   ', 'eur', 'empty'],
    ['24.005', 'eur', 'decimals'],
    ['1,234', 'eur', 'decimals'], // a thousand, or one and a bit? never guessed
    ['-5', 'eur', 'figures'],
    ['€24', 'eur', 'figures'],
    ['24e2', 'eur', 'figures'],
    ['1..5', 'eur', 'figures'],
    ['1,23,456', 'eur', 'figures'],
    ['.', 'eur', 'figures'],
    ['.50', 'eur', 'figures'],
    ['Infinity', 'eur', 'figures'],
    ['٢٤', 'eur', 'figures'],
    ['9999999999999999', 'eur', 'most'],
    // None behind the point.
    ['2400', 'jpy', 2400],
    ['1 200', 'jpy', 1200],
    ['1,234,567', 'jpy', 1234567],
    ['24.0', 'jpy', 'decimals'],
    ['1,234', 'jpy', 'decimals'],
    // Three, of which the last must be 0: a rule of charges, not of writing.
    ['12', 'kwd', 12000],
    ['12.340', 'kwd', 12340],
    ['12,34', 'kwd', 12340],
    ['12.345', 'kwd', 12345],
    ['12.3456', 'kwd', 'decimals'],
    // In hundredths at Stripe's, though it has none.
    ['1200', 'isk', 120000],
    ['1200.50', 'isk', 120050],
  ])('%j in %s: %s', (text, currency, expected) => {
    const parsed = parsePrice(text, currency);
    expect(parsed.fault ?? parsed.minor).toBe(expected);
  });

  test('reads back what is written, in every currency', () => {
    for (const currency of currencies) {
      for (const minor of [1, 7, 50, 99, 100, 101, 2400, 17_500, 12_345_678, 99_999_999]) {
        expect(parsePrice(numeral({ minor, currency }), currency)).toEqual({ minor });
      }
    }
  });
});

describe('chargeFault: the rules of Stripe', () => {
  test.each<[number, string, string | undefined]>([
    [50, 'eur', undefined],
    [49, 'eur', 'least'],
    [0, 'eur', 'least'],
    [99_999_999, 'eur', undefined],
    [100_000_000, 'eur', 'most'],
    [30, 'gbp', undefined],
    [29, 'gbp', 'least'],
    [17_500, 'huf', undefined],
    [17_499, 'huf', 'least'],
    [50, 'jpy', undefined],
    [49, 'jpy', 'least'],
    [1, 'xof', undefined],
    [12_340, 'kwd', undefined],
    [12_345, 'kwd', 'thousandths'],
    [5, 'kwd', 'least'],
    [120_000, 'isk', undefined],
    [120_050, 'isk', 'hundreds'],
    [500, 'ugx', undefined],
    [501, 'ugx', 'hundreds'],
  ])('%i %s: %s', (minor, currency, expected) => {
    expect(chargeFault({ minor, currency })).toBe(expected);
  });

  test('the least and the most themselves can be charged, in every currency', () => {
    for (const currency of currencies) {
      expect(chargeFault({ minor: leastCharge(currency), currency }), currency).toBeUndefined();
      expect(chargeFault({ minor: mostCharge(currency), currency }), currency).toBeUndefined();
      expect(mostCharge(currency) + step(currency)).toBeGreaterThan(99_999_999);
    }
  });
});

test('a zero stands in its field as nothing', () => {
  expect(priceText({ minor: 0, currency: 'eur' })).toBe('');
  expect(priceText({ minor: 5, currency: 'kwd' })).toBe('0.005');
});

test('currencies: every kind is there, once, in the order of the list', () => {
  expect([...currencies].sort()).toEqual(currencies);
  expect(new Set(currencies).size).toBe(currencies.length);
  expect(new Set(currencies.map(decimals))).toEqual(new Set([0, 2, 3]));
  expect(currencyLabel('eur', 'en-GB')).toBe('EUR · Euro');
  expect(currencyLabel('qqq', 'en-GB')).toBe('QQQ');
});
