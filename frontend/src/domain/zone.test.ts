import { describe, expect, test } from 'vitest';
import { daysLater, minutesBefore, momentsOf, wallTime } from './zone';

describe('wallTime', () => {
  test.each([
    ['2026-11-21T18:30:00Z', 'Europe/Vienna', '2026-11-21T19:30'],
    ['2026-07-01T17:30:00Z', 'Europe/Vienna', '2026-07-01T19:30'],
    ['2026-11-21T18:30:00Z', 'America/New_York', '2026-11-21T13:30'],
    ['2026-11-21T18:30:00Z', 'Asia/Kathmandu', '2026-11-22T00:15'],
    ['2026-12-31T12:00:00Z', 'Pacific/Kiritimati', '2027-01-01T02:00'],
    ['2026-11-21T00:00:00Z', 'UTC', '2026-11-21T00:00'],
    ['2026-11-21T18:30:59+01:00', 'UTC', '2026-11-21T17:30:59'],
  ])('%s in %s is %s', (at, zone, wall) => {
    expect(wallTime(at, zone)).toBe(wall);
  });
});

describe('momentsOf', () => {
  test.each<[string, string, string[]]>([
    ['2026-11-21T19:30', 'Europe/Vienna', ['2026-11-21T18:30:00Z']],
    ['2026-07-01T19:30', 'Europe/Vienna', ['2026-07-01T17:30:00Z']],
    ['2026-11-22T00:15', 'Asia/Kathmandu', ['2026-11-21T18:30:00Z']],
    // The night on which clocks go forward: 02:00 becomes 03:00.
    ['2026-03-29T01:59', 'Europe/Vienna', ['2026-03-29T00:59:00Z']],
    ['2026-03-29T02:00', 'Europe/Vienna', []],
    ['2026-03-29T02:59', 'Europe/Vienna', []],
    ['2026-03-29T03:00', 'Europe/Vienna', ['2026-03-29T01:00:00Z']],
    ['2026-03-29T19:30', 'Europe/Vienna', ['2026-03-29T17:30:00Z']],
    // The night on which they go back: 03:00 becomes 02:00 again.
    ['2026-10-25T01:59', 'Europe/Vienna', ['2026-10-24T23:59:00Z']],
    ['2026-10-25T02:30', 'Europe/Vienna', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']],
    ['2026-10-25T03:00', 'Europe/Vienna', ['2026-10-25T02:00:00Z']],
    ['2026-03-08T02:30', 'America/New_York', []],
    ['2026-11-01T01:30', 'America/New_York', ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z']],
    // Half an hour only, and in the other half of the year.
    ['2026-04-05T01:45', 'Australia/Lord_Howe', ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z']],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', []],
    // At midnight: the day begins at one.
    ['2026-09-06T00:30', 'America/Santiago', []],
    ['', 'Europe/Vienna', []],
    ['2026-13-01T10:00', 'Europe/Vienna', []],
    ['tomorrow', 'Europe/Vienna', []],
  ])('%s in %s: %j', (wall, zone, expected) => {
    expect(momentsOf(wall, zone)).toEqual(expected);
  });

  test('goes back to the same wall, hours all over a year, in zones that change and that do not', () => {
    for (const zone of ['Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Santiago', 'UTC']) {
      for (let hour = 0; hour < 366 * 24; hour += 29) {
        const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace('.000Z', 'Z');
        expect(momentsOf(wallTime(at, zone), zone), `${at} ${zone}`).toContain(at);
      }
    }
  });
});

test('so many days later is the same hour on the wall, over the change of the clocks and the end of a year', () => {
  expect(daysLater('2026-10-24T19:30', 1)).toBe('2026-10-25T19:30');
  expect(daysLater('2026-12-31T19:30', 1)).toBe('2027-01-01T19:30');
  expect(daysLater('', 1)).toBe('');
  expect(minutesBefore('2026-11-21T00:15', 45)).toBe('2026-11-20T23:30');
  expect(minutesBefore('soon', 45)).toBe('');
});
