import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { drills as words } from '~/messages/drills.en';
import { drill } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { DrillPanel } from './DrillPanel';
import { byGroup } from './drills';

const puts = (till: FakeTill) => till.seen.filter(({ method }) => method !== 'GET').map(({ method, path: at, body }) => [method, at, body]);
const row = (name: string) => within(screen.getByText(name).closest('li')!);

describe('the catalogue and the simulator', () => {
  /** What the simulator's own table says of each drill: its name, its group, and whether it is done at once. */
  const table = (() => {
    const folder = path.resolve(import.meta.dirname, '../../../../backend/stripesim');
    const source = readdirSync(folder)
      .filter((file) => /^drill.*\.go$/.test(file) && !file.endsWith('_test.go'))
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    const names = new Map([...source.matchAll(/^const (\w+) = "(\w+)"/gm)].map(([, constant, text]) => [constant, text]));
    const groups = new Map([...source.matchAll(/^\t(group\w+)\s+= "(\w+)"/gm)].map(([, constant, text]) => [constant, text]));
    return [...source.matchAll(/^\t\t\{name: ("?\w+"?), group: (\w+),(.*)$/gm)].map(([, name = '', group = '', rest = '']) => ({
      name: name.startsWith('"') ? name.slice(1, -1) : (names.get(name) ?? name),
      group: groups.get(group) ?? group,
      isAct: rest.includes('act: ') && !rest.includes('arms: '),
    }));
  })();

  test('every drill has words, and there are no words without a drill', () => {
    expect(table.length).toBeGreaterThan(30);
    expect(Object.keys(words.words).sort()).toEqual(table.map(({ name }) => name).sort());
  });
  test('a button has words where a drill is done at once, and nowhere else', () => {
    const acts = Object.entries(words.words).filter(([, one]) => 'act' in one);
    expect(acts.map(([name]) => name).sort()).toEqual(table.filter(({ isAct }) => isAct).map(({ name }) => name).sort());
  });
  test('a refund that the key may not make is not said to wait: it is not made at all', () => {
    expect(words.words.key_short_of_permission.detail).toMatch(/no money moves/);
    expect(words.words.key_short_of_permission.detail).not.toMatch(/waits/);
  });
  test('every group has a name of its own', () => {
    const groups = [...new Set(table.map(({ group }) => group))];
    const named = byGroup(groups.map((group) => drill({ group }))).map(({ group }) => group);
    expect([...named].sort()).toEqual([...groups].sort());
  });
});

test('groups in their order; a newer drill shows by its name among the rest', async () => {
  const till = new FakeTill();
  till.books.drills = [...till.books.drills, drill({ name: 'moon_landing', group: 'space', lasting: false })];
  renderScreen(<DrillPanel />, till);
  await screen.findByRole('switch', { name: 'Stripe is slow' });
  expect(screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent)).toEqual([
    'The network', 'Stripe', 'Buyers', 'Money back', 'Time away', 'More',
  ]);
  expect(screen.getByRole('button', { name: 'moon landing' })).toBeDefined();
});

test('a lasting drill is switched on and off, by the space bar too', async () => {
  const till = new FakeTill();
  const { user } = renderScreen(<DrillPanel />, till);
  const slow = await screen.findByRole<HTMLInputElement>('switch', { name: 'Stripe is slow' });
  expect(screen.getByText('All is quiet.')).toBeDefined();
  await user.click(slow);
  await waitFor(() => expect(slow.checked).toBe(true));
  expect(screen.getByText('1 drill is on. It stays on until you end it.')).toBeDefined();
  slow.focus();
  await user.keyboard(' ');
  await waitFor(() => expect(slow.checked).toBe(false));
  expect(puts(till)).toEqual([
    ['PUT', '/api/training/drills/slow', { on: true }],
    ['PUT', '/api/training/drills/slow', { on: false }],
  ]);
});

test('a drill that is done at once is done once, and says so', async () => {
  const till = new FakeTill();
  const { user } = renderScreen(<DrillPanel />, till);
  const button = await screen.findByRole('button', { name: 'Pay by debit' });
  const release = till.hold();
  await user.dblClick(button);
  expect(screen.getByRole('button', { name: 'Doing it…' })).toBeDefined();
  release();
  expect(await row('A buyer pays by debit').findByText('Done. A buyer pays by debit')).toBeDefined();
  expect(puts(till)).toEqual([['PUT', '/api/training/drills/pays_slowly', {}]]);
});

test('a drill that finds nothing says why, in the simulator’s words; then it may be tried again', async () => {
  const till = new FakeTill();
  till.books.refusal = 'There is no open code to pay.';
  const { user } = renderScreen(<DrillPanel />, till);
  await user.click(await screen.findByRole('button', { name: 'Pay by debit' }));
  expect((await row('A buyer pays by debit').findByRole('alert')).textContent).toBe('There is no open code to pay.');
  till.books.refusal = undefined;
  await user.click(screen.getByRole('button', { name: 'Pay by debit' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test.each([
  ['14', 14],
  ['60', 60],
  ['0', undefined],
  ['61', undefined],
  ['', undefined],
  ['two', undefined],
])('%j days away', async (typed, days) => {
  const till = new FakeTill();
  const { user } = renderScreen(<DrillPanel />, till);
  const field = await screen.findByRole('textbox', { name: 'Days away' });
  await user.clear(field);
  if (typed) await user.type(field, typed);
  const button = screen.getByRole('button', { name: 'Go away' });
  expect(button.hasAttribute('disabled')).toBe(days === undefined);
  await user.click(button);
  if (days !== undefined) await row('Stay away').findByText('Done. Stay away');
  expect(puts(till)).toEqual(days === undefined ? [] : [['PUT', '/api/training/drills/days_offline', { days }]]);
});

test('all quiet again ends every drill', async () => {
  const till = new FakeTill();
  till.books.drills = till.books.drills.map((one) => ({ ...one, on: one.lasting }));
  const { user } = renderScreen(<DrillPanel />, till);
  await screen.findByText('3 drills are on. They stay on until you end them.');
  await user.click(screen.getByRole('button', { name: 'All quiet again' }));
  await screen.findByText('All is quiet.');
  expect(screen.getAllByRole<HTMLInputElement>('switch').every((one) => !one.checked)).toBe(true);
  // A button that went dead would lose the focus, and Escape with it.
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'All quiet again' }));
  expect(puts(till)).toEqual([['DELETE', '/api/training/drills', undefined]]);
});

test('no drills, and no answer', async () => {
  const till = new FakeTill();
  till.books.drills = [];
  till.down(/drills$/, { status: 503, code: 'stripe_unreachable' });
  const { user } = renderScreen(<DrillPanel />, till);
  const again = within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' });
  till.behave();
  await user.click(again);
  expect(await screen.findByText('The simulated Stripe offers no drills.')).toBeDefined();
});
