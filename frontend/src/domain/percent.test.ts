import { expect, test } from 'vitest';
import { parsePercent, percentText } from './percent';

test.each([
  ['10', 100_000],
  ['7.7', 77_000],
  ['7,7', 77_000],
  ['0', 0],
  ['100', 1_000_000],
  ['19.0001', 190_001],
  ['5.', 50_000],
  ['100.0001', undefined],
  ['1000', undefined],
  ['7.77777', undefined],
  ['-1', undefined],
  ['ten', undefined],
  ['', undefined],
])('%j is %s', (text, units) => {
  expect(parsePercent(text)).toBe(units);
});

test.each([
  [100_000, '10'],
  [77_000, '7.7'],
  [190_001, '19.0001'],
  [5, '0.0005'],
  [0, '0'],
])('%i is written %s, and read back', (units, text) => {
  expect(percentText(units)).toBe(text);
  expect(parsePercent(text)).toBe(units);
});
