import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Order } from '~/api/types';
import { euro, paidOrder, ticket } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { dispute, refund } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { OrderScreen } from './OrderScreen';

/** The refund dialog of an order, signed, with what goes back chosen. */
async function open(order: Order, what: 'Some tickets' | 'An amount', till = new FakeTill()) {
  till.orders = [order];
  const shown = renderScreen(<OrderScreen id="ord-1" actions={() => null} onBack={() => undefined} />, till);
  await shown.user.click(await screen.findByRole('button', { name: 'Refund' }));
  const dialog = await screen.findByRole('dialog', { name: 'Refund order K7QF3M' });
  const inside = within(dialog);
  await shown.user.type(inside.getByRole('textbox', { name: 'Your name' }), 'Ada');
  await shown.user.click(inside.getByRole('radio', { name: what }));
  const amount = (text: string) => shown.user.type(inside.getByRole('textbox', { name: 'Amount' }), text);
  const press = (name: string) => shown.user.click(inside.getByRole('button', { name }));
  return { ...shown, dialog, inside, amount, press };
}

const bodies = (till: FakeTill) => till.posts('/api/orders/ord-1/refund').map(({ body }) => body);
const bothVoid = '2 tickets become void, and their seats are free again.';
const half = (change: Partial<Order> = {}) => paidOrder({ refunded: 2400, refundable: 2400, refunds: [refund()], ...change });

describe('what takes the last of an order’s money takes all tickets', () => {
  test('an amount that is all of it: says so before, while Stripe is away, and afterwards', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'asked';
    const { user, dialog, amount, press } = await open(paidOrder(), 'An amount', till);
    await amount('47');
    expect(dialog.textContent).toContain('€47.00 goes back. No ticket becomes void by it.');
    await user.clear(within(dialog).getByRole('textbox', { name: 'Amount' }));
    await amount('48');
    expect(dialog.textContent).toContain(`€48.00 goes back. ${bothVoid}`);
    expect(dialog.textContent).not.toContain('No ticket becomes void');
    await press('Refund €48.00');
    const done = await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(done.textContent).toContain('2 tickets become void as soon as Stripe has it.');
    expect(bodies(till)).toEqual([{ left: 4800, by: 'Ada', note: '' }]);
  });

  test('the rest of it', async () => {
    const { dialog, amount, press } = await open(half(), 'An amount');
    await amount('24');
    expect(dialog.textContent).toContain(`€24.00 goes back. ${bothVoid}`);
    await press('Refund €24.00');
    expect((await screen.findByRole('dialog', { name: '€24.00 goes back' })).textContent).toContain('The tickets are void and their seats are free again.');
  });

  test('one ticket, where no more than its price is left', async () => {
    const { user, dialog, inside, press } = await open(half(), 'Some tickets');
    await user.click(inside.getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }));
    expect(dialog.textContent).toContain(`€24.00 goes back. ${bothVoid}`);
    await press('Refund €24.00');
    expect((await screen.findByRole('dialog', { name: '€24.00 goes back' })).textContent).toContain('The tickets are void and their seats are free again.');
  });

  test('unless the buyer’s bank holds a part, which may come back', async () => {
    const held = paidOrder({ disputed: 2400, refundable: 2400, disputes: [dispute({ amount: euro(2400), withdrawn: 2400 })] });
    const { dialog, amount, press, till } = await open(held, 'An amount');
    await amount('24');
    expect(dialog.textContent).toContain('€24.00 goes back. No ticket becomes void by it.');
    await press('Refund €24.00');
    expect((await screen.findByRole('dialog', { name: '€24.00 goes back' })).textContent).toContain('No ticket becomes void by it.');
    expect(bodies(till)).toEqual([{ amount: 2400, left: 2400, by: 'Ada', note: '' }]);
  });

  test('not where the half that is owed an answer is in the book already, and only the other half is left', async () => {
    const till = new FakeTill();
    till.lose(/\/refund$/);
    const { user, inside, amount, press } = await open(paidOrder(), 'An amount', till);
    await amount('24');
    await press('Refund €24.00');
    await inside.findByRole('alert');
    await press('Not now');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.getAllByText('€24.00').length).toBeGreaterThan(1));
    await user.click(screen.getByRole('button', { name: 'Refund' }));
    expect((await screen.findByRole('dialog')).textContent).toContain('€24.00 goes back. No ticket becomes void by it.');
  });
});

describe('somebody gave money back while the dialog was open', () => {
  test.each([
    ['less is left than is asked for', 800, 'That is more than is left of this order.'],
    ['what is asked for is all that is left now, and would take the tickets', 2000, 'Something else is left of this money by now.'],
  ])('%s: nothing is done, and the dialog of before goes away', async (_name, left, title) => {
    const { user, till, dialog, inside, amount, press } = await open(paidOrder(), 'An amount');
    await amount('20');
    expect(dialog.textContent).toContain('Up to €48.00');
    till.orders = [paidOrder({ refunded: 4800 - left, refundable: left, refunds: [refund({ amount: euro(4800 - left) })], tickets: [ticket(), ticket({ id: 'tkt-2', number: 2 })] })];
    await press('Refund €20.00');
    const card = await inside.findByRole('alert');
    expect(card.textContent).toContain(title);
    expect(card.textContent).toContain('No money was moved');
    await user.click(within(card).getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.queryByRole('dialog'), 'what it says is of before').toBeNull());
    expect(till.orders[0]?.refunds).toHaveLength(1);
  });
});
