import { expect, test } from 'vitest';
import { feeFaults, feeOf, feeText, type FeeText } from './fee';

test.each<[FeeText, object]>([
  [{ percent: '', fixed: '', currency: 'EUR' }, { percent: 0 }],
  [{ percent: '1.5', fixed: '', currency: 'EUR' }, { percent: 150 }],
  [{ percent: '0,01', fixed: '0', currency: 'EUR' }, { percent: 1 }],
  [{ percent: '99.99', fixed: '100', currency: 'jpy' }, { percent: 9999, fixed: { minor: 100, currency: 'jpy' } }],
  [{ percent: '', fixed: '0,25', currency: 'EUR' }, { percent: 0, fixed: { minor: 25, currency: 'eur' } }],
])('%j is %j', (text, fee) => {
  expect(feeFaults(text)).toEqual([]);
  expect(feeOf(text)).toEqual(fee);
});

test.each<[Partial<FeeText>, string]>([
  [{ percent: '100' }, 'percent'],
  [{ percent: '1.234' }, 'percent'],
  [{ percent: '-1' }, 'percent'],
  [{ fixed: '0.255' }, 'fixed'],
  [{ fixed: 'a lot' }, 'fixed'],
  [{ fixed: '1', currency: 'XYZ' }, 'currency'],
])('%j: wrong is %s', (change, field) => {
  expect(feeFaults({ percent: '', fixed: '', currency: 'EUR', ...change })).toEqual([field]);
});

test('a fee stands in its fields as it was typed', () => {
  expect(feeText({ percent: 150, fixed: { minor: 25, currency: 'eur' } })).toEqual({ percent: '1.5', fixed: '0.25', currency: 'EUR' });
  expect(feeText(undefined)).toEqual({ percent: '', fixed: '', currency: 'EUR' });
});
