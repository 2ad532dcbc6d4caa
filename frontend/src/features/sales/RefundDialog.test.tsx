import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Order } from '~/api/types';
import { euro, order, paidOrder, ticket } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { refund } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { OrderScreen } from './OrderScreen';

function story(now: Order, till = new FakeTill()) {
  till.orders = [now];
  return renderScreen(<OrderScreen id={now.id} actions={() => null} onBack={() => undefined} />, till);
}

async function open(now: Order = paidOrder(), till = new FakeTill()) {
  const shown = story(now, till);
  await shown.user.click(await screen.findByRole('button', { name: 'Refund' }));
  const dialog = await screen.findByRole('dialog', { name: 'Refund order K7QF3M' });
  const within_ = within(dialog);
  return {
    ...shown,
    dialog,
    pick: (name: string) => shown.user.click(within_.getByRole('radio', { name })),
    sign: () => shown.user.type(within_.getByRole('textbox', { name: 'Your name' }), 'Ada'),
    yes: (name: string) => within_.getByRole('button', { name }),
  };
}

const posts = (till: FakeTill) => till.posts('/api/orders/ord-1/refund');

describe('refunding an order', () => {
  test('is offered where something can go back, and nowhere else', async () => {
    story(order());
    await screen.findByRole('heading', { name: 'What was sold' });
    expect(screen.queryByRole('button', { name: 'Refund' })).toBeNull();
  });

  test('all that is left: says the sum, the card and the tickets, before and after', async () => {
    const { user, dialog, sign, yes, till } = await open();
    expect(dialog.textContent).toContain('€48.00 goes back. 2 tickets become void, and their seats are free again.');
    expect(dialog.textContent).toContain('It goes to Visa ••4242, from which it was paid.');
    await sign();
    await user.click(yes('Refund €48.00'));
    const done = await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(done.textContent).toContain('The tickets are void and their seats are free again.');
    expect(posts(till).map(({ body }) => body)).toEqual([{ left: 4800, by: 'Ada', note: '' }]);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(await screen.findByText('Refunded', { selector: 'span' })).toBeDefined();
    expect(screen.getAllByText('Void: admits nobody')).toHaveLength(2);
    expect(screen.queryByRole('button', { name: 'Refund' }), 'nothing is left').toBeNull();
  });

  test('some tickets, by keys alone: what they cost goes back, and they are void', async () => {
    const { user, dialog, pick, sign, yes, till } = await open();
    await pick('Some tickets');
    expect(dialog.textContent).toContain('Tick the tickets that come back.');
    expect(yes('Refund').hasAttribute('disabled')).toBe(true);
    within(dialog).getByRole('checkbox', { name: 'Ticket 2 of 2: Adult' }).focus();
    await user.keyboard(' ');
    expect(dialog.textContent).toContain('€24.00 goes back. 1 ticket becomes void, and its seat is free again.');
    await sign();
    yes('Refund €24.00').focus();
    await user.keyboard('{Enter}');
    const done = await screen.findByRole('dialog', { name: '€24.00 goes back' });
    expect(done.textContent).toContain('1 ticket is void, and its seat is free again.');
    expect(posts(till)[0]?.body).toEqual({ ticketIds: ['tkt-2'], amount: 2400, left: 4800, by: 'Ada', note: '' });
  });

  test('a ticked ticket can be unticked; void ones are not offered', async () => {
    const { user, dialog, pick, yes } = await open(
      paidOrder({ refunded: 1600, refundable: 3200, tickets: [ticket({ void: true }), ticket({ id: 'tkt-2', number: 2 })] }),
    );
    await pick('Some tickets');
    const boxes = within(dialog).getAllByRole('checkbox');
    expect(boxes).toHaveLength(1);
    await user.click(boxes[0]!);
    expect(yes('Refund €24.00')).toBeDefined();
    await user.click(boxes[0]!);
    expect(yes('Refund').hasAttribute('disabled')).toBe(true);
  });

  test('a ticket whose refund is under way stands there, and is not given back once more', async () => {
    const half = { refunded: 2400, refundable: 2400, refunds: [refund({ status: 'asked', ticketIds: ['tkt-1'] })] };
    const { user, dialog, pick, yes } = await open(paidOrder({ ...half, tickets: [ticket({ refunding: true }), ticket({ id: 'tkt-2', number: 2 })] }));
    expect(dialog.textContent).toContain('€24.00 goes back. 1 ticket becomes void');
    await pick('Some tickets');
    const taken = within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult (refund under way)' });
    expect(taken.hasAttribute('disabled')).toBe(true);
    await user.click(taken);
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 2 of 2: Adult' }));
    expect(yes('Refund €24.00')).toBeDefined();
    expect(dialog.textContent).toContain('1 ticket becomes void');
  });

  test('somebody was faster with the ticket: it says so, and not that there is none', async () => {
    const till = new FakeTill();
    const { user, dialog, pick, sign, yes } = await open(paidOrder(), till);
    till.orders = [paidOrder({ tickets: [ticket({ refunding: true }), ticket({ id: 'tkt-2', number: 2 })] })];
    await pick('Some tickets');
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }));
    await sign();
    await user.click(yes('Refund €24.00'));
    const card = await within(dialog).findByRole('alert');
    expect(card.textContent).toContain('A refund for this ticket is under way, or was made.No more money was moved');
    await user.click(within(card).getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.queryByRole('dialog'), 'what it says is of before').toBeNull());
  });

  test('an amount: the tickets stay, and no more than is left can be asked for', async () => {
    const { user, dialog, pick, sign, yes, till } = await open(paidOrder({ refunded: 1000, refundable: 3800, refunds: [refund({ amount: euro(1000) })] }));
    await pick('An amount');
    expect(dialog.textContent).toContain('Say how much goes back.');
    const field = within(dialog).getByRole('textbox', { name: 'Amount' });
    await user.type(field, '40');
    expect(within(dialog).getByText('Only €38.00 is left to give back.')).toBeDefined();
    expect(yes('Refund').hasAttribute('disabled')).toBe(true);
    await user.clear(field);
    await user.type(field, '5x');
    expect(within(dialog).getByText('This is not an amount that can go back.')).toBeDefined();
    await user.clear(field);
    await user.type(field, '5,50');
    expect(dialog.textContent).toContain('€5.50 goes back. No ticket becomes void by it.');
    await sign();
    await user.click(yes('Refund €5.50'));
    expect((await screen.findByRole('dialog', { name: '€5.50 goes back' })).textContent).toContain('No ticket becomes void by it.');
    expect(posts(till)[0]?.body).toEqual({ amount: 550, left: 3800, by: 'Ada', note: '' });
  });

  test('an order without tickets has none to choose', async () => {
    const { dialog } = await open(paidOrder({ tickets: [] }));
    expect(within(dialog).getAllByRole('radio').map((radio) => radio.textContent)).toEqual(['All that is left', 'An amount']);
  });

  test('needs a name', async () => {
    const { user, dialog, yes, till } = await open();
    await user.click(yes('Refund €48.00'));
    expect(dialog.textContent).toContain('The book keeps who did it: say your name.');
    expect(posts(till)).toHaveLength(0);
  });

  test('a double tap is one refund', async () => {
    const { user, sign, yes, till } = await open();
    await sign();
    const release = till.hold();
    await user.dblClick(yes('Refund €48.00'));
    release();
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(posts(till)).toHaveLength(1);
  });

  test('no answer: the same again under the same key, whatever was changed meanwhile', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, new Error('gone'));
    const { user, dialog, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    await within(dialog).findByRole('alert');
    await user.click(within(dialog).getByRole('radio', { name: 'An amount' }));
    expect(within(dialog).getByRole('radio', { name: 'All that is left' }).getAttribute('aria-checked'), 'nothing can be changed').toBe('true');
    await user.click(within(dialog).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(posts(till)[1]?.key).toBe(posts(till)[0]?.key);
    expect(posts(till)[1]?.body).toEqual(posts(till)[0]?.body);
  });

  test('Stripe has not answered yet: it is asked for', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'asked';
    const { user, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    expect((await screen.findByRole('dialog', { name: '€48.00 goes back' })).textContent).toContain('Stripe has not answered yet');
  });

  test('Stripe’s no is an answer: it says why in a refund’s words, and the next try is a new one', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'refused';
    const { user, dialog, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    const card = await within(dialog).findByRole('alert');
    expect(card.textContent).toContain('Stripe refused: the charge is disputed.');
    expect(card.textContent).toContain('No money moved.');
    expect(dialog.textContent).not.toMatch(/may be in the book|sold|cart/);
    till.returns.refundStatus = 'pending';
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(posts(till)[1]?.key).not.toBe(posts(till)[0]?.key);
  });

  test.each([
    ['stripe_key', 502, 'The organizer has to look at the till’s key'],
    ['stripe_permission', 502, 'The organizer has to look at the till’s key'],
    ['stripe_unreachable', 503, 'No money moved'],
    ['idempotency_mismatch', 409, 'This was decided in another way already.'],
    ['invalid_request', 422, 'No money moved, and no ticket was changed.'],
  ] as const)('%s is said as a decision needs it, not as a sale does', async (code, status, words) => {
    const till = new FakeTill();
    till.fail(/\/refund$/, { status, code });
    const { user, dialog, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain(words);
    expect(dialog.textContent).not.toMatch(/may be in the book already|was sold|cart/);
    expect(within(dialog).getByRole('radio', { name: 'An amount' }).closest('fieldset')?.disabled).toBe(false);
  });

  test('something else is left by now: the dialog of before goes away', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, { status: 409, code: 'money_moved' });
    const { user, dialog, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    await user.click(await within(dialog).findByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('while Stripe is asked, the dialog stays: no key, no tap and no button closes it', async () => {
    const { user, sign, yes, till } = await open();
    await sign();
    const release = till.hold();
    await user.click(yes('Refund €48.00'));
    await user.keyboard('{Escape}');
    expect(yes('Not now').hasAttribute('disabled')).toBe(true);
    expect(screen.getByRole('button', { name: 'Asking Stripe…' })).toBeDefined();
    release();
    expect(await screen.findByRole('dialog', { name: '€48.00 goes back' })).toBeDefined();
  });
});
