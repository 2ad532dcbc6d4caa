import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { expect, test } from 'vitest';
import { en } from './en';
import { pay } from './pay.en';

/** Every message with the path that leads to it. */
function messagesOf(node: object, at = ''): [string, string][] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    const here = at ? `${at}.${name}` : name;
    return typeof value === 'string' ? [[here, value] as [string, string]] : messagesOf(value as object, here);
  });
}

const all = messagesOf({ ...en, pay });

/** Something for every parameter that any message may have. */
function paramsFor(count: number) {
  const words = Object.fromEntries(
    'size kind currency least most zone name price seats account address book seconds event code amount brand last4 state time session id left paid expected difference card reason date charged status'.split(' ').map((word) => [word, word]),
  );
  return { ...words, count, available: count, places: count, number: count, of: count, arrived: count, quantity: count, agree: count, used: count };
}

test.each([0, 1, 2, 5])('every message can be written for %i', (count) => {
  const failures: string[] = [];
  const translate = createTranslator({
    locale: 'en',
    messages: { ...en, pay },
    onError: (error) => failures.push(error.message),
  }) as (key: string, params: object) => string;
  for (const [key] of all) {
    const text = translate(key, paramsFor(count));
    expect(text, key).not.toBe('');
    expect(text, key).not.toMatch(/[{}]|undefined|NaN/);
  }
  expect(failures).toEqual([]);
});

test('plural forms read like a person', () => {
  const translate = createTranslator({ locale: 'en', messages: en });
  expect(translate('sell.left', { count: 1 })).toBe('1 seat left');
  expect(translate('sell.left', { count: 37 })).toBe('37 seats left');
  expect(translate('sell.few', { count: 1 })).toBe('Last seat');
  expect(translate('problems.sold_out.title', { name: 'Adult', available: 0 })).toBe('Adult has just sold out.');
  expect(translate('problems.sold_out.title', { name: 'Adult', available: 3 })).toBe('Adult: only 3 seats are left.');
});

test('no message is left that no screen says', () => {
  const source = path.resolve(import.meta.dirname, '..');
  const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('messages') && !file.includes('.test.'))
    .map((file) => readFileSync(path.join(source, file), 'utf8'))
    .join('\n');
  // These are looked up by what the till says, not by a name that stands in the source.
  const lookedUp = /^(problems|situations|remedy|order\.(kind|refundNow)|money\.(status|disputeStatus)|refund\.\w+Means|late\.(reason|settled)|reconcile\.(kind|period|health\.(state|means))|drills\.(group|words)|mode|standstill|books\.(title|change)_\w+|books\.\w+Means|connect\.(via_\w+|(key|publishable)Hint\w+)|office\.\w+(Hint|Wrong)|vault\.(kind|state)_\w+|events\.mirror|events\.fault|events\.field)(\.|$)/;
  const unsaid = all
    .map(([key]) => key)
    .filter((key) => !lookedUp.test(key))
    .filter((key) => !new RegExp(`['.]${key.split('.').at(-1)}['\`]`).test(code));
  expect(unsaid).toEqual([]);
});

test('every failure says what it means for the money or the sale', () => {
  for (const [code, words] of Object.entries(en.problems)) {
    expect(words.money, code).toMatch(/charged|sold|sells|money|payment|cart|counts|buyers pay|seat/i);
  }
});
