import { expect, test } from 'vitest';
import { newKey } from './keys';

test('an idempotency key is 32 digits from the random source', () => {
  const key = newKey((bytes) => bytes.map((_, index) => index * 16));
  expect(key).toBe('00102030405060708090a0b0c0d0e0f0');
  const random = () => newKey((bytes) => crypto.getRandomValues(bytes));
  expect(new Set(Array.from({ length: 100 }, random)).size).toBe(100);
});
