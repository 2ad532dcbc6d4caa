import { renderHook } from '@testing-library/react';
import { IntlProvider } from 'use-intl';
import { expect, test } from 'vitest';
import { useTimes } from './useTimes';

const times = renderHook(() => useTimes(), {
  wrapper: ({ children }) => (
    <IntlProvider locale="en-GB" timeZone="Europe/Vienna">
      {children}
    </IntlProvider>
  ),
}).result.current;

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(',', '').replaceAll(/ ?– ?/g, ' – ');

test.each([
  ['whole days', '2026-10-31T23:00:00Z', '2026-11-07T22:59:59Z', 'Sun 1 Nov – Sat 7 Nov 2026'],
  ['one day', '2026-11-20T23:00:00Z', '2026-11-21T22:59:59Z', 'Sat 21 Nov 2026'],
  ['over the end of summer time', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', 'Sun 25 Oct 2026'],
  ['some hours of a day', '2026-11-21T08:00:00Z', '2026-11-21T09:29:59Z', '21 Nov 09:00 – 10:30'],
  ['from one day into another', '2026-11-20T08:00:00Z', '2026-11-21T09:29:30Z', '20 Nov 09:00 – 21 Nov 10:30'],
])('%s', (_, from, to, said) => {
  expect(plain(times.span({ from, to }))).toBe(said);
});

test('a moment and a day, in the zone of the reader', () => {
  expect(plain(times.at('2026-11-20T23:05:00Z'))).toBe('21 Nov 00:05');
  expect(plain(times.on('2026-11-20T23:05:00Z'))).toBe('Sat 21 Nov 2026');
});
