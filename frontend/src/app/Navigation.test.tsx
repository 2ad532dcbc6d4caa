import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { status } from '~/testkit/builders';
import { drill } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

const at = () => window.location.hash;
const patience = { timeout: 5_000 };

test('at the foot of a phone the places that have no room are in a menu, by keys too', async () => {
  const { user } = renderApp();
  await screen.findByRole('button', { name: /^Adult/ });
  const [bar, foot] = screen.getAllByRole('navigation', { name: 'Sections' });
  const inBar = within(bar!).getAllByRole('link').map((link) => link.textContent);
  const atFoot = within(foot!).getAllByRole('link').map((link) => link.textContent);
  expect(atFoot).toEqual(inBar.slice(0, 4));
  within(foot!).getByRole('button', { name: 'More' }).focus();
  await user.keyboard('{Enter}');
  const menu = await screen.findByRole('menu', { name: 'More' });
  expect(within(menu).getAllByRole('menuitem').map((item) => item.textContent)).toEqual(inBar.slice(4));
  await user.click(within(menu).getByRole('menuitem', { name: 'Reconcile' }));
  expect(at()).toBe('#/reconcile');
  await waitFor(() => expect(within(foot!).getByRole('button', { name: 'More' }).dataset.current).toBe('true'));
});

test('R goes to Reconcile; another period keeps the focus where it is', async () => {
  const { user } = renderApp();
  await screen.findByRole('button', { name: /^Adult/ });
  await user.keyboard('r');
  const week = await screen.findByRole('radio', { name: 'Last 7 days' }, patience);
  await user.click(week);
  expect(at()).toBe('#/reconcile/week');
  expect(document.activeElement).toBe(week);
});

test('the stripe of training opens the drills, tells how many are on, and T does the same', async () => {
  const till = new FakeTill();
  const { user } = renderApp('/sell', till);
  await user.click(await screen.findByRole('button', { name: 'Drills' }));
  const drawer = await screen.findByRole('dialog', { name: 'Drills' }, patience);
  await user.click(await within(drawer).findByRole('switch', { name: 'Stripe is slow' }));
  await within(drawer).findByText(/^1 drill is on/);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByRole('button', { name: '1 drill on' })).toBeDefined();
  till.books.drills = [drill({ on: true }), drill({ name: 'tls', on: true })];
  act(() => till.carrier.say('hello'));
  await screen.findByRole('button', { name: '2 drills on' });
  await user.keyboard('t');
  expect(await screen.findByRole('dialog', { name: 'Drills' })).toBeDefined();
});

test.each([
  ['test', 'training'],
  ['live', 'live'],
] as const)('in the %s book there are no drills, by no way', async (book, mode) => {
  const till = new FakeTill();
  till.status = status({ book, mode });
  const { user } = renderApp('/sell', till);
  await screen.findByRole('button', { name: /^Adult/ });
  await user.keyboard('t');
  expect(screen.queryByRole('button', { name: /drill/i })).toBeNull();
  expect(screen.queryByRole('dialog')).toBeNull();
  act(() => void (window.location.hash = '/drills'));
  expect(await screen.findByText(/Drills are for training/, {}, patience)).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Open the settings' }));
  expect(at()).toBe('#/settings/book');
  expect(till.seen.some(({ path }) => path.includes('drills'))).toBe(false);
});
