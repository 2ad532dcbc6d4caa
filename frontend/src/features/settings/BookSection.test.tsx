import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { status } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

const patience = { timeout: 5_000 };

test('the three books, the open one, and what a change means before it is made', async () => {
  const till = new FakeTill();
  till.status = status({ openCodes: 2 });
  const { user } = renderApp('/settings/book', till);
  const training = await screen.findByRole('article', { name: 'Training' }, patience);
  expect(within(training).getByText('Open now')).toBeDefined();
  expect(within(training).queryByRole('button')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Change to selling for real' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Change to selling for real?' }, patience);
  expect(dialog.textContent).toContain('every card is charged for real');
  expect(dialog.textContent).toContain('2 codes are waiting for buyers now.');
  await user.click(within(dialog).getByRole('button', { name: 'Stay in this book' }));
  expect(till.posts('/api/books/live/open')).toHaveLength(0);
});

test('a change shows on the band, and nothing is carried from one book into the other', async () => {
  const { user, till } = renderApp('/sell');
  await user.click(await screen.findByRole('button', { name: /^Adult/ }));
  window.location.hash = '/settings/book';
  await user.click(await screen.findByRole('button', { name: 'Change to Stripe’s test mode' }, patience));
  const dialog = await screen.findByRole('alertdialog', {}, patience);
  await user.click(within(dialog).getByRole('button', { name: 'Change to Stripe’s test mode' }));
  expect((await screen.findByText('Stripe test mode')).parentElement?.textContent).toContain('no real money');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  act(() => (window.location.hash = '/sell') as never);
  expect(await screen.findByText('Tap a ticket to start a sale.')).toBeDefined();
  expect(till.posts('/api/books/test/open')).toHaveLength(1);
});

test('a book that cannot be opened says why, and this one stays', async () => {
  const till = new FakeTill();
  const { user } = renderApp('/settings/book', till);
  await user.click(await screen.findByRole('button', { name: 'Change to Stripe’s test mode' }, patience));
  till.fail(/POST .*open/, { status: 409, code: 'book_locked' });
  const dialog = await screen.findByRole('alertdialog', {}, patience);
  await user.click(within(dialog).getByRole('button', { name: 'Change to Stripe’s test mode' }));
  expect((await within(dialog).findByRole('alert')).textContent).toContain('Another Willcall has this book open.');
  expect(till.status.book).toBe('training');
});
