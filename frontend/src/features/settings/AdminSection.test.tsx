import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

const patience = { timeout: 5_000 };

// Long ones, letter by letter, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

function withPin(): FakeTill {
  const till = new FakeTill();
  till.office.unconnected('test');
  till.office.pin = '4711';
  return till;
}

async function givePin(user: ReturnType<typeof renderApp>['user'], pin: string) {
  const dialog = await screen.findByRole('dialog', { name: 'Administrator’s PIN' }, patience);
  await user.type(within(dialog).getByLabelText('PIN'), `${pin}{Enter}`);
  return dialog;
}

test('the first PIN: digits alone, four at the least; then its setter is the administrator', async () => {
  const { user, till } = renderApp('/settings/admin');
  expect(await screen.findByText(/There is no PIN yet/, {}, patience)).toBeDefined();
  const field = screen.getByLabelText<HTMLInputElement>('New PIN');
  expect([field.type, field.inputMode, field.autocomplete]).toEqual(['password', 'numeric', 'one-time-code']);
  await user.type(field, '4a7');
  await user.click(screen.getByRole('button', { name: 'Keep this PIN' }));
  expect(field.value).toBe('47');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(till.office.pin).toBeUndefined();
  await user.type(field, '11');
  await user.click(screen.getByRole('button', { name: 'Keep this PIN' }));
  expect(await screen.findByText('You are the administrator at this screen.')).toBeDefined();
  expect(till.office.pin).toBe('4711');
  expect(await screen.findByRole('button', { name: 'Save the platform' })).toBeDefined();
});

test('another PIN needs the one until now', async () => {
  const { user, till } = renderApp('/settings/admin', withPin());
  await user.type(await screen.findByLabelText('PIN until now', {}, patience), '0000');
  await user.type(screen.getByLabelText('New PIN'), '12345');
  await user.click(screen.getByRole('button', { name: 'Keep this PIN' }));
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the PIN.');
  expect(screen.getByLabelText<HTMLInputElement>('PIN until now').value).toBe('');
  await user.type(screen.getByLabelText('PIN until now'), '4711');
  await user.click(screen.getByRole('button', { name: 'Keep this PIN' }));
  await waitFor(() => expect(till.office.pin).toBe('12345'));
});

test('what needs the PIN asks for it, and is sent again with the right', async () => {
  const { user, till } = renderApp('/settings/webhook', withPin());
  await user.type(await screen.findByLabelText('Signing secret', {}, patience), 'whsec_1{Enter}');
  const dialog = await givePin(user, '9999');
  expect((await within(dialog).findByRole('alert')).textContent).toBe('That is not the PIN.');
  expect(within(dialog).getByLabelText<HTMLInputElement>('PIN').value).toBe('');
  await givePin(user, '4711');
  expect((await screen.findAllByText('Open')).length).toBeGreaterThan(0);
  expect(screen.queryByRole('dialog')).toBeNull();
  const puts = till.seen.filter(({ method, path }) => method === 'PUT' && path === '/api/connection/webhook');
  expect(puts.map(({ admin }) => admin)).toEqual([null, 'token-1']);
  expect(screen.getByLabelText<HTMLInputElement>('Signing secret').value).toBe('');
});

test('who leaves the PIN dialog has changed nothing, and is told so', async () => {
  const { user, till } = renderApp('/settings/webhook', withPin());
  await user.type(await screen.findByLabelText('Signing secret', {}, patience), 'whsec_1{Enter}');
  await screen.findByRole('dialog', {}, patience);
  await user.keyboard('{Escape}');
  expect((await screen.findByRole('alert')).textContent).toContain('This needs the administrator’s PIN.');
  expect(till.office.connection.webhook.set).toBe(false);
});

test('after too many wrong PINs the dialog says how long to wait', async () => {
  const till = withPin();
  const { user } = renderApp('/settings/admin', till);
  await user.click((await screen.findAllByRole('button', { name: 'Unlock' }, patience))[0]!);
  till.fail(/POST .*unlock/, { status: 429, code: 'pin_wait', params: { seconds: '30' } });
  const dialog = await givePin(user, '0000');
  expect((await within(dialog).findByRole('alert')).textContent).toContain('Wait 30 seconds');
});

test('what is typed while a PIN is tried stays for the next try', async () => {
  const till = withPin();
  const { user } = renderApp('/settings/admin', till);
  await user.click((await screen.findAllByRole('button', { name: 'Unlock' }, patience))[0]!);
  const release = till.hold();
  const dialog = await givePin(user, '0000');
  await givePin(user, '4711');
  expect(within(dialog).getByLabelText<HTMLInputElement>('PIN').value).toBe('4711');
  release();
  expect((await within(dialog).findByRole('alert')).textContent).toBe('That is not the PIN.');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('the platform: set or not set, replaced, never read back; gone when locked again', async () => {
  const { user, till } = renderApp('/settings/admin', withPin());
  expect(await screen.findByText('Only the administrator sees this.', {}, patience)).toBeDefined();
  expect(till.seen.some(({ path }) => path === '/api/platform')).toBe(false);
  await user.click(screen.getAllByRole('button', { name: 'Unlock' })[0]!);
  await givePin(user, '4711');
  await user.type(await screen.findByLabelText('Secret key · Not set'), 'sk_test_platform');
  await user.type(screen.getByLabelText('Percent'), '1,5');
  await user.type(screen.getByLabelText('Fixed amount'), '0.25');
  await user.click(screen.getByRole('button', { name: 'Save the platform' }));
  expect(await screen.findByLabelText<HTMLInputElement>('Secret key · Set')).toHaveProperty('value', '');
  const put = till.seen.find(({ method, path }) => method === 'PUT' && path === '/api/platform');
  expect(put?.body).toEqual({ secretKey: 'sk_test_platform', fee: { percent: 150, fixed: { minor: 25, currency: 'eur' } } });
  expect(screen.getByText('http://127.0.0.1:4380/connect/return')).toBeDefined();
  expect(document.body.innerHTML).not.toContain('sk_test_platform');
  await user.click(screen.getByRole('button', { name: 'Lock again' }));
  await waitFor(() => expect(screen.queryByLabelText(/Secret key/)).toBeNull());
  expect(till.posts('/api/access/lock')[0]?.admin).toBe('token-1');
});

test('when the administrator’s time is up, the PIN is asked for again', async () => {
  const till = withPin();
  const { user } = renderApp('/settings/admin', till);
  await user.click((await screen.findAllByRole('button', { name: 'Unlock' }, patience))[0]!);
  await givePin(user, '4711');
  await screen.findByRole('button', { name: 'Save the platform' });
  act(() => till.office.forgetAdmin());
  await user.click(screen.getByRole('button', { name: 'Save the platform' }));
  await givePin(user, '4711');
  expect(await screen.findByText('Saved.')).toBeDefined();
});

test('nothing secret outlives the screen: no store, no address', async () => {
  const { user } = renderApp('/settings/webhook', withPin());
  await user.type(await screen.findByLabelText('Signing secret', {}, patience), 'whsec_hush{Enter}');
  await givePin(user, '4711');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const kept = [window.localStorage, window.sessionStorage].map((store) => Object.values(store as object).join()).join() + window.location.href;
  expect(kept).not.toMatch(/whsec_hush|4711|token-1/);
});
