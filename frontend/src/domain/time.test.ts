import { describe, expect, test } from 'vitest';
import { clockTime, countdown, moment, secondsLeft, showTime } from './time';

const noon = Date.parse('2026-11-21T12:00:00Z');

describe('secondsLeft', () => {
  test.each([
    ['2026-11-21T12:00:10Z', 10],
    ['2026-11-21T12:00:00.400Z', 1],
    ['2026-11-21T12:00:00Z', 0],
    ['2026-11-21T11:59:00Z', 0],
    ['2026-11-21T13:30:00+01:00', 1800],
  ])('until %s: %i', (until, expected) => {
    expect(secondsLeft(until, noon)).toBe(expected);
  });
});

describe('countdown', () => {
  test.each([
    [0, '0:00'],
    [9, '0:09'],
    [65, '1:05'],
    [1860, '31:00'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [86399, '23:59:59'],
  ])('%i s is %s', (seconds, expected) => {
    expect(countdown(seconds)).toBe(expected);
  });
});

const plain = (text: string) => text.replaceAll('\u202f', ' ');

test('a performance is told in the time of its place, in the way of the reader’s country', () => {
  const startsAt = '2026-11-21T18:30:00Z';
  expect(plain(showTime(startsAt, 'Europe/Vienna', 'en-GB'))).toBe('Sat 21 Nov, 19:30');
  expect(plain(showTime(startsAt, 'America/New_York', 'en-US'))).toBe('Sat, Nov 21, 1:30 PM');
  expect(plain(clockTime(startsAt, 'Europe/Vienna', 'en-GB'))).toBe('19:30');
  expect(plain(clockTime('2026-11-21T06:05:00Z', 'Europe/Vienna', 'en-GB'))).toBe('07:05');
});

test('a moment has its date only on other days', () => {
  const today = new Date(noon);
  today.setHours(9, 5, 7);
  const before = new Date(noon);
  before.setDate(before.getDate() - 3);
  before.setHours(9, 5, 7);
  expect(moment(today.toISOString(), noon, 'en-GB')).toBe('09:05');
  expect(moment(today.toISOString(), noon, 'en-GB', true)).toBe('09:05:07');
  expect(moment(before.toISOString(), noon, 'en-GB')).toMatch(/^18 Nov,? (at )?09:05$/);
});
