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
    expect(posts(till).map(({ body }) => body)).toEqual([{ by: 'Ada', note: '' }]);
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
    expect(posts(till)[0]?.body).toEqual({ ticketIds: ['tkt-2'], amount: 2400, by: 'Ada', note: '' });
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
    expect(dialog.textContent).toContain('€5.50 goes back. All tickets stay valid.');
    await sign();
    await user.click(yes('Refund €5.50'));
    expect((await screen.findByRole('dialog', { name: '€5.50 goes back' })).textContent).toContain('All tickets stay valid.');
    expect(posts(till)[0]?.body).toEqual({ amount: 550, by: 'Ada', note: '' });
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

  test.each([
    ['asked', '€48.00 goes back', 'Stripe has not answered yet'],
    ['refused', 'Stripe refused the refund', 'No money moved and the tickets stay valid.'],
  ] as const)('Stripe’s answer %s: %s', async (status, title, words) => {
    const till = new FakeTill();
    till.returns.refundStatus = status;
    const { user, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    expect((await screen.findByRole('dialog', { name: title })).textContent).toContain(words);
  });

  test('somebody was faster: what is left now counts', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, { status: 422, code: 'refund_too_large' });
    const { user, dialog, sign, yes } = await open(paidOrder(), till);
    await sign();
    await user.click(yes('Refund €48.00'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('That is more than is left of this order.');
  });
});

describe('which tickets a refund was for', () => {
  const external = refund({ id: 're_9', amount: euro(1200), external: true, answered: false });
  const unanswered = () => paidOrder({ refunded: 1200, refundable: 3600, refunds: [external] });

  async function ask(till = new FakeTill()) {
    const shown = story(unanswered(), till);
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
    expect(screen.getByText(/for no ticket: all of them stay valid/)).toBeDefined();
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
});
