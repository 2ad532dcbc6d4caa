import { describe, expect, test } from 'vitest';
import { decimals, format, numeral, sums, times } from './money';

describe('numeral', () => {
  test.each([
    [2400, 'eur', '24.00'],
    [5, 'eur', '0.05'],
    [0, 'eur', '0.00'],
    [-1, 'eur', '-0.01'],
    [-123456, 'usd', '-1234.56'],
    [500, 'jpy', '500'],
    [-7, 'jpy', '-7'],
    [12340, 'kwd', '12.340'],
    [5, 'kwd', '0.005'],
    [99999999, 'eur', '999999.99'],
    [120000, 'isk', '1200.00'],
    // More than a float can hold to the cent.
    [9007199254740991, 'eur', '90071992547409.91'],
  ])('%i %s is %s', (minor, currency, expected) => {
    expect(numeral({ minor, currency })).toBe(expected);
  });
});

describe('format', () => {
  test.each([
    [2400, 'eur', 'en-GB', '€24.00'],
    [2400, 'eur', 'en-US', '€24.00'],
    [120050, 'usd', 'en-US', '$1,200.50'],
    [500, 'jpy', 'en-US', '¥500'],
    [12340, 'kwd', 'en-US', 'KWD 12.340'],
    [120000, 'isk', 'en-US', 'ISK 1,200'],
    [-900, 'eur', 'en-GB', '-€9.00'],
    [9007199254740991, 'eur', 'en-GB', '€90,071,992,547,409.91'],
  ])('%i %s in %s reads %s', (minor, currency, locale, expected) => {
    expect(format({ minor, currency }, locale).replaceAll('\u00a0', ' ')).toBe(expected);
  });
});

test('decimals: none, three, and two for all others', () => {
  expect(['jpy', 'krw', 'vnd', 'xof'].map(decimals)).toEqual([0, 0, 0, 0]);
  expect(['bhd', 'jod', 'kwd', 'omr', 'tnd'].map(decimals)).toEqual([3, 3, 3, 3, 3]);
  expect(['eur', 'usd', 'isk', 'ugx', 'huf'].map(decimals)).toEqual([2, 2, 2, 2, 2]);
});

test('times stays whole', () => {
  expect(times({ minor: 1999, currency: 'eur' }, 3)).toEqual({ minor: 5997, currency: 'eur' });
});

test('sums keeps currencies apart, in the order in which they come', () => {
  const eur = (minor: number) => ({ minor, currency: 'eur' });
  const usd = (minor: number) => ({ minor, currency: 'usd' });
  expect(sums([eur(100), usd(5), eur(50)])).toEqual([eur(150), usd(5)]);
  expect(sums([])).toEqual([]);
});

test('numeral and back is the same number, for every amount', () => {
  for (let minor = -1500; minor <= 1500; minor += 7) {
    for (const currency of ['eur', 'jpy', 'kwd']) {
      const back = Number(numeral({ minor, currency }).replace('.', ''));
      expect(back + 0).toBe(minor + 0);
    }
  }
});
