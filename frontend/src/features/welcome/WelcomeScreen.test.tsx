import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '~/testkit/renderTill';

const patience = { timeout: 5_000 };

test.each([
  ['Stripe’s test mode', 'Change to Stripe’s test mode', 'no card is charged', 'test'],
  ['Sell for real', 'Change to selling for real', 'every card is charged for real', 'live'],
] as const)('Connect Stripe → %s: asked once more, then the keys', async (choice, confirm, means, book) => {
  const { user, till } = renderApp('');
  await user.click(await screen.findByRole('button', { name: 'Connect Stripe' }, patience));
  expect(document.activeElement?.textContent).toBe('Which money?');
  await user.click(screen.getByRole('button', { name: new RegExp(`^${choice}`) }));
  const dialog = await screen.findByRole('alertdialog', {}, patience);
  expect(dialog.textContent).toContain(means);
  await user.click(within(dialog).getByRole('button', { name: confirm }));
  expect(await screen.findByText('Not connected', {}, patience)).toBeDefined();
  expect(window.location.hash).toBe('#/settings/stripe');
  expect(till.posts(`/api/books/${book}/open`)).toHaveLength(1);
});

test('one can come back to practice, by key too', async () => {
  const { user } = renderApp('');
  await user.click(await screen.findByRole('button', { name: 'Connect Stripe' }, patience));
  await user.keyboard('{Escape}');
  expect(await screen.findByRole('button', { name: 'Practise now' })).toBeDefined();
});
