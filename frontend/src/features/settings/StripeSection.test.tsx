import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

const patience = { timeout: 5_000 };

// Long ones, letter by letter, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

function testBook(change: Parameters<FakeTill['office']['unconnected']>[1] = {}): FakeTill {
  const till = new FakeTill();
  till.office.unconnected('test', change);
  return till;
}

const stripe = () => screen.findByRole('region', { name: 'Stripe' }, patience);

test('in training it says that nothing is to be connected', async () => {
  renderApp('/settings/stripe');
  expect((await stripe()).textContent).toContain('nothing is to be connected');
  expect(screen.queryByLabelText('Restricted key')).toBeNull();
});

test('slow ways to pay are allowed by choice', async () => {
  const { user, till } = renderApp('/settings/stripe');
  const slow = await screen.findByRole('switch', { name: /decides days later/ }, patience);
  await user.click(slow);
  await waitFor(() => expect(till.office.connection.delayed).toBe(true));
  await user.click(slow);
  await waitFor(() => expect(till.office.connection.delayed).toBe(false));
});

describe('a restricted key', () => {
  test('what to tick is listed, and a good key connects and is gone from the screen', async () => {
    const { user, till } = renderApp('/settings/stripe', testBook());
    const row = await screen.findByRole('row', { name: /Checkout Sessions/ }, patience);
    expect(row.textContent).toContain('Write');
    expect(screen.getByRole('row', { name: /Payouts/ }).textContent).toContain('Optional');
    await user.type(screen.getByLabelText('Restricted key'), ' rk_test_good ');
    await user.type(screen.getByLabelText('Publishable key'), 'pk_test_1');
    await user.click(screen.getByRole('button', { name: 'Connect with this key' }));
    expect(await screen.findByText('Connected')).toBeDefined();
    const put = till.seen.find(({ method, path }) => method === 'PUT' && path === '/api/connection/key');
    expect(put?.body).toEqual({ key: 'rk_test_good', publishableKey: 'pk_test_1' });
    expect((await stripe()).textContent).toContain('Playhouse · acct_1');
    expect((await screen.findByRole('region', { name: 'Ways to pay' })).textContent).toContain('Card, PayPal');
    expect(screen.queryByLabelText('Restricted key')).toBeNull();
    expect(document.body.innerHTML).not.toContain('rk_test_good');
  });

  test('the key is covered until its button is pressed, and no browser is to keep it', async () => {
    const { user } = renderApp('/settings/stripe', testBook());
    const field = await screen.findByLabelText<HTMLInputElement>('Restricted key', {}, patience);
    expect([field.type, field.autocomplete]).toEqual(['password', 'off']);
    await user.click(screen.getByRole('button', { name: 'Show: Restricted key' }));
    expect(field.type).toBe('text');
    await user.click(screen.getByRole('button', { name: 'Cover: Restricted key' }));
    expect(field.type).toBe('password');
  });

  test('a refused key: the reason, what it means for the money, and the field again', async () => {
    const { user } = renderApp('/settings/stripe', testBook());
    await user.type(await screen.findByLabelText('Restricted key', {}, patience), 'sk_live_bad{Enter}');
    const problem = await screen.findByRole('alert');
    expect(problem.textContent).toContain('It should begin with rk_test_.');
    expect(problem.textContent).toContain('No money is concerned');
    await user.click(within(problem).getByRole('button', { name: 'Correct it' }));
    expect(document.activeElement).toBe(screen.getByLabelText('Restricted key'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('missing permissions are marked in the list', async () => {
    const till = testBook();
    const { user } = renderApp('/settings/stripe', till);
    await user.type(await screen.findByLabelText('Restricted key', {}, patience), 'rk_test_good');
    till.fail(/PUT .*key/, { status: 422, code: 'key_permissions', detail: 'The key may not read Events.', params: { missing: 'Events: Read, Gone: Write' } });
    await user.click(screen.getByRole('button', { name: 'Connect with this key' }));
    expect(await screen.findByRole('row', { name: /Missing: Events/ })).toBeDefined();
    expect(screen.getAllByRole('row', { name: /Missing/ })).toHaveLength(1);
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Connected')).toBeDefined();
  });

  test.each([
    ['other_account', 'another Stripe account'],
    ['wrong_mode', 'wrong kind of key'],
    ['charges_disabled', 'does not let this account take payments'],
    ['stripe_unreachable', 'Stripe cannot be reached'],
  ] as const)('%s is said in words, and the key stays to be tried again', async (code, words) => {
    const till = testBook();
    const { user } = renderApp('/settings/stripe', till);
    const field = await screen.findByLabelText<HTMLInputElement>('Restricted key', {}, patience);
    await user.type(field, 'rk_test_good');
    till.fail(/PUT .*key/, { code, detail: 'Only this once.' });
    await user.click(screen.getByRole('button', { name: 'Connect with this key' }));
    expect((await screen.findByRole('alert')).textContent).toContain(words);
    expect(field.value).toBe('rk_test_good');
  });
});

describe('Connect with Stripe', () => {
  test('without a platform it leads to the administrator', async () => {
    const { user } = renderApp('/settings/stripe', testBook());
    await user.click(await screen.findByRole('button', { name: 'Register the platform' }, patience));
    expect(window.location.hash).toBe('#/settings/admin');
  });

  test('the browser is open already; the screen goes on by the stream', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const till = testBook({ canOAuth: true });
    till.office.consent = { ...till.office.consent, expiresAt: new Date(Date.now() + 600_000).toISOString() };
    const { user } = renderApp('/settings/stripe', till);
    await user.click(await screen.findByRole('button', { name: 'Connect with Stripe' }, patience));
    expect(await screen.findByRole('heading', { name: /Waiting for Stripe/ })).toBeDefined();
    expect(screen.queryByLabelText('The address that the browser ended on')).toBeNull();
    expect(open).not.toHaveBeenCalled();
    act(() => till.office.become({ state: 'connected', via: 'oauth', accountName: 'Playhouse', methods: ['card'] }));
    expect((await screen.findByText('Connected by')).nextSibling?.textContent).toBe('Connect with Stripe');
  });

  test('where no browser opens by itself, this one does; the pasted address connects', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const till = testBook({ canOAuth: true });
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    till.office.consent = { url: 'https://stripe.test/authorize', expiresAt, opened: false, paste: true };
    const { user } = renderApp('/settings/stripe', till);
    await user.click(await screen.findByRole('button', { name: 'Connect with Stripe' }, patience));
    const field = await screen.findByLabelText('The address that the browser ended on');
    expect(open).toHaveBeenCalledWith('https://stripe.test/authorize', '_blank', 'noopener');
    await user.type(field, 'https://example.org/?error=access_denied');
    till.fail(/POST .*paste/, { status: 422, code: 'oauth_refused', detail: 'The user denied your request' });
    await user.click(screen.getByRole('button', { name: 'Connect with this address' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The user denied your request');
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Close' }));
    await user.clear(field);
    await user.type(field, 'https://example.org/?code=ac_1&state=s');
    await user.click(screen.getByRole('button', { name: 'Connect with this address' }));
    expect(await screen.findByText('Connected')).toBeDefined();
    expect(till.posts('/api/connection/oauth/paste').at(-1)?.body).toEqual({ address: 'https://example.org/?code=ac_1&state=s' });
  });

  test('an answer that comes too late: ask again', async () => {
    const till = testBook({ canOAuth: true });
    till.office.consent = { ...till.office.consent, expiresAt: '2020-01-01T00:00:00Z' };
    const { user } = renderApp('/settings/stripe', till);
    await user.click(await screen.findByRole('button', { name: 'Connect with Stripe' }, patience));
    expect((await screen.findByRole('alert')).textContent).toContain('The time for an answer is over');
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    await waitFor(() => expect(till.posts('/api/connection/oauth')).toHaveLength(2));
  });
});

describe('what stands between the till and its account', () => {
  test('warnings are shown in the till’s own sentences', async () => {
    const till = testBook({ state: 'connected', via: 'key', keyKind: 'secret', accountName: 'Playhouse' });
    till.office.connection.warnings = [{ code: 'bad_key', detail: 'A secret key may do everything.', next: 'Use a restricted one.' }];
    renderApp('/settings/stripe', till);
    expect((await screen.findByText('A secret key may do everything.')).parentElement?.textContent).toContain('Use a restricted one.');
    expect(screen.getByText('A secret key')).toBeDefined();
  });

  test('cut off: why, and both ways to connect again', async () => {
    const till = testBook({ state: 'revoked', problem: { code: 'stripe_key', detail: '', next: '' } });
    renderApp('/settings/stripe', till);
    expect((await stripe()).textContent).toContain('Cut off');
    expect((await stripe()).textContent).toContain('Stripe does not accept this till’s key.');
    expect(await screen.findByLabelText('Restricted key')).toBeDefined();
  });

  test('sealed: the passphrase is asked for in its place', async () => {
    const till = testBook({ state: 'locked' });
    till.office.vault = { kind: 'file', state: 'locked' };
    renderApp('/settings/stripe', till);
    expect(await screen.findByLabelText('Passphrase', {}, patience)).toBeDefined();
    expect(screen.queryByLabelText('Restricted key')).toBeNull();
  });

  test('no passphrase yet: it is chosen before any key is typed', async () => {
    const till = testBook();
    till.office.vault = { kind: 'file', state: 'new' };
    renderApp('/settings/stripe', till);
    expect(await screen.findByText(/Nobody can recover it/, {}, patience)).toBeDefined();
    expect(screen.queryByLabelText('Restricted key')).toBeNull();
  });

  test('disconnecting asks first, and forgets by force only where Stripe cannot be told', async () => {
    const till = testBook({ state: 'connected', via: 'oauth', accountName: 'Playhouse' });
    till.office.stripeIsAway = true;
    const { user } = renderApp('/settings/stripe', till);
    await user.click(await screen.findByRole('button', { name: 'Disconnect' }, patience));
    const dialog = await screen.findByRole('alertdialog', {}, patience);
    expect(dialog.textContent).toContain('What was sold stays sold');
    expect(document.activeElement?.textContent).toBe('Stay connected');
    await user.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
    expect(await within(dialog).findByText(/Stripe could not be told/)).toBeDefined();
    await user.click(within(dialog).getByRole('button', { name: 'Forget the keys all the same' }));
    expect(await screen.findByText('Not connected')).toBeDefined();
    const asked = till.seen.filter(({ method }) => method === 'DELETE').map(({ query }) => query.get('force'));
    expect(asked).toEqual([null, 'true']);
  });
});
