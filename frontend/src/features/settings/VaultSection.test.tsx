import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Access } from '~/api/types';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

const patience = { timeout: 5_000 };

function withVault(vault: Access['vault'], passphrase?: string): FakeTill {
  const till = new FakeTill();
  till.office.unconnected('live');
  till.office.vault = vault;
  till.office.passphrase = passphrase;
  return till;
}

test.each([
  [{ kind: 'none', state: 'open' }, 'Training needs no keys'],
  [{ kind: 'keychain', state: 'open' }, 'There is nothing to do.'],
  [{ kind: 'file', state: 'open' }, 'until Willcall is closed'],
] as const)('%o: %s', async (vault, words) => {
  renderApp('/settings/keys', withVault({ ...vault }));
  expect((await screen.findByRole('region', { name: 'Keys' }, patience)).textContent).toContain(words);
  expect(screen.queryByLabelText('Passphrase')).toBeNull();
});

test('a wrong passphrase is said so and wiped; the right one opens', async () => {
  const till = withVault({ kind: 'file', state: 'locked' }, 'correct horse');
  const { user } = renderApp('/settings/keys', till);
  const field = await screen.findByLabelText<HTMLInputElement>('Passphrase', {}, patience);
  await user.type(field, 'wrong horse{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the passphrase.');
  expect(field.value).toBe('');
  await user.type(field, 'correct horse{Enter}');
  expect(await screen.findByText('Can be read')).toBeDefined();
});

test('the first passphrase: long enough, twice the same, and no way back', async () => {
  const till = withVault({ kind: 'file', state: 'new' });
  const { user } = renderApp('/settings/keys', till);
  const field = await screen.findByLabelText('Passphrase', {}, patience);
  expect(screen.getByText(/Nobody can recover it/)).toBeDefined();
  await user.type(field, 'short{Enter}');
  expect(screen.getByText('That is shorter than 8 characters')).toBeDefined();
  await user.type(field, ' but longer');
  await user.type(screen.getByLabelText('The same passphrase again'), 'short but{Enter}');
  expect(screen.getByText('The two are not the same')).toBeDefined();
  expect(till.posts('/api/access/vault')).toHaveLength(0);
  await user.type(screen.getByLabelText('The same passphrase again'), ' longer{Enter}');
  expect(await screen.findByText('Can be read')).toBeDefined();
  expect(till.office.passphrase).toBe('short but longer');
  await waitFor(() => expect(document.body.innerHTML).not.toContain('short but longer'));
});
