import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { euro, paidOrder, ticket } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { refund } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { OrderScreen } from './OrderScreen';

describe('which tickets a refund was for', () => {
  const external = refund({ id: 're_9', amount: euro(1200), external: true, answered: false });
  const unanswered = () => paidOrder({ refunded: 1200, refundable: 3600, refunds: [external] });

  async function ask(till = new FakeTill(), order = unanswered()) {
    till.orders = [order];
    const shown = renderScreen(<OrderScreen id="ord-1" actions={() => null} onBack={() => undefined} />, till);
    await shown.user.click(await screen.findByRole('button', { name: 'Say which tickets' }));
    const dialog = await screen.findByRole('dialog', { name: 'Which tickets was it for?' });
    await shown.user.type(within(dialog).getByRole('textbox', { name: 'Your name' }), 'Ada');
    return { ...shown, dialog };
  }

  test('none of them: all stay valid, and it is not asked again', async () => {
    const { user, dialog, till } = await ask();
    expect(dialog.textContent).toContain('€12.00 of order K7QF3M was refunded in Stripe’s Dashboard.');
    expect(within(dialog).getByRole('button', { name: 'Make void' }).hasAttribute('disabled')).toBe(true);
    await user.click(within(dialog).getByRole('button', { name: 'None of them' }));
    expect(await screen.findByRole('dialog', { name: 'All tickets stay valid' })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/void').map(({ body }) => body)).toEqual([{ refundId: 're_9', ticketIds: [], by: 'Ada', note: '' }]);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Say which tickets' })).toBeNull());
    expect(screen.getByText(/, for no ticket$/)).toBeDefined();
  });

  test('a ticket that another refund is under way for stands there, and is not chosen', async () => {
    const { user, dialog } = await ask(new FakeTill(), { ...unanswered(), tickets: [ticket({ refunding: true }), ticket({ id: 'tkt-2', number: 2 })] });
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult (refund under way)' }));
    expect(within(dialog).getByRole('button', { name: 'Make void' }).hasAttribute('disabled')).toBe(true);
  });

  test('some of them: they are void at once', async () => {
    const { user, dialog } = await ask();
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }));
    expect(within(dialog).getByRole('button', { name: 'None of them' }).hasAttribute('disabled')).toBe(true);
    await user.click(within(dialog).getByRole('button', { name: 'Make 1 ticket void' }));
    expect((await screen.findByRole('dialog', { name: '1 ticket is void' })).textContent).toContain('Its seat is free again and can be sold.');
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(screen.getAllByText('Void: admits nobody')).toHaveLength(1);
  });

  test('a till that does not answer is asked again with the same answer', async () => {
    const till = new FakeTill();
    till.fail(/\/void$/, new Error('gone'));
    const { user, dialog } = await ask(till);
    await user.click(within(dialog).getByRole('button', { name: 'None of them' }));
    await user.click(within(await within(dialog).findByRole('alert')).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('dialog', { name: 'All tickets stay valid' })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/void').map(({ body }) => body)).toHaveLength(2);
  });

  test('the refund came back meanwhile: the dialog of before goes away', async () => {
    const till = new FakeTill();
    till.fail(/\/void$/, { status: 409, code: 'not_possible' });
    const { user, dialog } = await ask(till);
    await user.click(within(dialog).getByRole('button', { name: 'None of them' }));
    await user.click(within(await within(dialog).findByRole('alert')).getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.queryByRole('dialog'), 'what it asks is of before').toBeNull());
  });

  test('an answer that is owed stands as it was when the dialog is opened again', async () => {
    const till = new FakeTill();
    till.fail(/\/void$/, new Error('gone'));
    const { user, dialog } = await ask(till);
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }));
    await user.click(within(dialog).getByRole('button', { name: 'Make 1 ticket void' }));
    await within(dialog).findByRole('alert');
    await user.click(within(dialog).getByRole('button', { name: 'Not now' }));
    await user.click(screen.getByRole('button', { name: 'Say which tickets' }));
    const again = within(await screen.findByRole('dialog'));
    expect(again.getByRole<HTMLInputElement>('checkbox', { name: 'Ticket 1 of 2: Adult' }).checked).toBe(true);
    await user.click(again.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('dialog', { name: '1 ticket is void' })).toBeDefined();
  });
});
