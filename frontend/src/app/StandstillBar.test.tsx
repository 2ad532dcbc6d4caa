import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

test.each([
  ['none', 'This book is not connected to Stripe', 'Connect Stripe', '#/settings/stripe'],
  ['locked', 'The keys are sealed', 'Open the keys', '#/settings/keys'],
  ['revoked', 'Stripe does not take this till’s key any more', 'Look at the connection', '#/settings/stripe'],
] as const)('%s: %s', async (state, words, action, place) => {
  const till = new FakeTill();
  till.office.unconnected('test', { state });
  const { user } = renderApp('/sell', till);
  const bar = await screen.findByText(words);
  expect(bar.parentElement?.textContent).toMatch(/charged|counted/);
  await user.click(screen.getByRole('button', { name: action }));
  expect(window.location.hash).toBe(place);
  await waitFor(() => expect(screen.queryByRole('button', { name: action })).toBeNull());
});

test('it comes by the stream in the middle of a sale, and goes when it is mended', async () => {
  const till = new FakeTill();
  till.office.unconnected('live', { state: 'connected' });
  renderApp('/sell', till);
  await screen.findByRole('button', { name: /^Adult/ });
  expect(screen.queryByRole('alert')).toBeNull();
  act(() => till.office.become({ state: 'revoked' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Stripe does not take this till’s key any more');
  act(() => till.office.become({ state: 'connected' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});
