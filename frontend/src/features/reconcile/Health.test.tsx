import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { reconciliation } from '~/testkit/closeBuilders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { ReconcileScreen } from './ReconcileScreen';

const show = (till: FakeTill) => renderScreen(<ReconcileScreen period="today" onPeriod={() => undefined} />, till);

describe('how the book keeps up', () => {
  const panel = () => screen.findByRole('region', { name: 'How the book keeps up' });

  test('up to date: times, reads as a bar with words, nothing waits', async () => {
    const till = new FakeTill();
    till.books.reconciliation = reconciliation({ nextPollAt: new Date(Date.now() + 90_500).toISOString() });
    show(till);
    const shown = await panel();
    expect(shown.textContent).toContain('Up to date');
    expect(shown.textContent).toMatch(/Asks nextin 1:(30|31|29)/);
    expect(shown.textContent).toContain('every 2 minutes');
    expect(shown.textContent).toContain('1,234 of 10,000 used');
    expect(shown.textContent).toContain('At today’s pace 1,680 in 30 days');
    expect(within(shown).getByRole('meter').getAttribute('aria-valuetext')).toBe('1,234 of 10,000 used');
    expect(shown.textContent).toContain('Nothing waits for a person.');
  });

  test('a pace that is too fast is told in words', async () => {
    const till = new FakeTill();
    till.books.reconciliation = reconciliation({ reads: { used: 9_000, allotted: 10_000, today: 900, projected: 27_000 } });
    show(till);
    expect((await panel()).textContent).toContain('more than Stripe allots');
  });

  test('catching up: how far, and what was found, live', async () => {
    const till = new FakeTill();
    const catchUp = { from: '2026-11-18T09:00:00Z', to: '2026-11-21T09:00:00Z', share: 43, found: 1 };
    till.books.reconciliation = reconciliation({ state: 'catching_up', catchUp });
    show(till);
    const bar = within(await panel()).getByRole('progressbar', { name: 'Catching up' });
    expect(bar.getAttribute('aria-valuenow')).toBe('43');
    expect((await panel()).textContent).toContain('1 found that the book did not have');
    till.books.reconciliation = reconciliation({ state: 'catching_up', catchUp: { ...catchUp, share: 80, found: 57 } });
    act(() => till.carrier.say('change', { number: 20, kind: 'statement' }));
    await waitFor(() => expect(bar.getAttribute('aria-valuenow')).toBe('80'));
    expect((await panel()).textContent).toContain('57 found');
  });

  test('look now asks Stripe; what fails is told with its next step', async () => {
    const till = new FakeTill();
    till.fail(/poll/, { status: 503, code: 'stripe_busy' });
    const { user } = show(till);
    await user.click(await screen.findByRole('button', { name: 'Look now' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Stripe is very busy.');
    await user.click(screen.getByRole('button', { name: 'Look now' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(till.posts('/api/reconciliation/poll')).toHaveLength(2);
  });

  test('a problem that the settings solve leads there', async () => {
    const till = new FakeTill();
    till.books.reconciliation = reconciliation({ state: 'stopped', problem: { code: 'not_connected', detail: '', next: '' } });
    const { user } = show(till);
    expect((await panel()).textContent).toContain('This book is not connected to Stripe.');
    await user.click(screen.getByRole('button', { name: 'Open the settings' }));
    expect(window.location.hash).toBe('#/settings/stripe');
  });

  test('what waits leads to the late-money desk', async () => {
    const till = new FakeTill();
    till.books.reconciliation = reconciliation({ waiting: 3, questions: 1, openRefunds: 2, openDisputes: 1 });
    show(till);
    const links = within(await panel()).getAllByRole('link');
    expect(links.map((one) => [one.textContent, one.getAttribute('href')])).toEqual([
      ['3 payments wait for a seat', '#/late'],
      ['1 refund: which tickets was it for?', '#/late'],
    ]);
    expect((await panel()).textContent).toContain('2 refunds on their way · 1 dispute is open');
  });
});
