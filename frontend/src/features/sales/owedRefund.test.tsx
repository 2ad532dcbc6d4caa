import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { euro, paidOrder } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { refund } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { OrderScreen } from './OrderScreen';

/** The order's story on a page that has just been loaded, with the refund dialog open. */
async function openRefund(till: FakeTill) {
  const shown = renderScreen(<OrderScreen id="ord-1" actions={() => null} onBack={() => undefined} />, till);
  await shown.user.click(await screen.findByRole('button', { name: 'Refund' }));
  return { ...shown, dialog: within(await screen.findByRole('dialog')) };
}

/** Asks for five euros back; the answer is as the till has it. */
async function fiveEuros(till: FakeTill) {
  if (till.orders.length === 0) till.orders = [paidOrder()];
  const shown = await openRefund(till);
  const { user, dialog } = shown;
  await user.click(dialog.getByRole('radio', { name: 'An amount' }));
  await user.type(dialog.getByRole('textbox', { name: 'Amount' }), '5');
  await user.type(dialog.getByRole('textbox', { name: 'Note' }), 'Rain');
  await user.type(dialog.getByRole('textbox', { name: 'Your name' }), 'Ada');
  await user.click(dialog.getByRole('button', { name: 'Refund €5.00' }));
  return shown;
}

const posts = (till: FakeTill) => till.posts('/api/orders/ord-1/refund');
const kept = () => Object.values(window.sessionStorage).join();

test('an answer that is owed outlives the dialog: opened again, it is the same refund under the same key', async () => {
  const till = new FakeTill();
  till.fail(/\/refund$/, new TypeError('Failed to fetch'));
  const { user, dialog } = await fiveEuros(till);
  const card = await dialog.findByRole('alert');
  expect(card.textContent).toContain('It may be in the book already.');
  expect(document.activeElement, 'on a phone it may be out of sight').toBe(card.parentElement);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

  await user.click(screen.getByRole('button', { name: 'Refund' }));
  const again = within(await screen.findByRole('dialog'));
  expect(again.getByRole('alert').textContent).toContain('It may be in the book already.');
  expect(again.getByRole('radio', { name: 'An amount' }).getAttribute('aria-checked')).toBe('true');
  expect(again.getByRole<HTMLInputElement>('textbox', { name: 'Amount' }).value).toBe('5.00');
  expect(again.getByRole<HTMLInputElement>('textbox', { name: 'Note' }).value).toBe('Rain');
  await user.click(again.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('dialog', { name: '€5.00 goes back' });
  const [first, second] = posts(till);
  expect(second?.key).toBe(first?.key);
  expect(second?.body).toEqual(first?.body);

  await user.click(screen.getByRole('button', { name: 'Done' }));
  await user.click(screen.getByRole('button', { name: 'Refund' }));
  expect(within(await screen.findByRole('dialog')).queryByRole('alert'), 'what is answered is owed no more').toBeNull();
});

test('a reload forgets nothing that is owed: the money goes back once, although the first answer was lost', async () => {
  const till = new FakeTill();
  till.lose(/\/refund$/);
  const { unmount, dialog: before } = await fiveEuros(till);
  await before.findByRole('alert');
  unmount();

  const { user, dialog } = await openRefund(till);
  expect(dialog.getByRole('alert').textContent).toContain('It may be in the book already.');
  expect(dialog.getByRole('radio', { name: 'An amount' }).getAttribute('aria-checked')).toBe('true');
  expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Note' }).value).toBe('Rain');
  expect(dialog.getByRole('button', { name: 'Refund €5.00' })).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('dialog', { name: '€5.00 goes back' });
  const [first, second] = posts(till);
  expect(second?.key).toBe(first?.key);
  expect(second?.body).toEqual(first?.body);
  expect(till.orders[0]?.refunds).toHaveLength(1);
  expect(kept(), 'what is answered is owed no more').not.toContain(first?.key);
});

test('another book that is opened in between makes nothing forgotten', async () => {
  const till = new FakeTill();
  till.fail(/\/refund$/, new TypeError('Failed to fetch'));
  const { user, dialog } = await fiveEuros(till);
  await dialog.findByRole('alert');
  for (const bookId of ['book-2', 'book-1']) {
    till.status = { ...till.status, bookId };
    act(() => till.carrier.say('change', { number: 9, kind: 'connection' }));
    await waitFor(() => expect(screen.queryByRole('dialog'), 'a dialog is of its book').toBeNull());
    await user.click(await screen.findByRole('button', { name: 'Refund' }));
    expect((await screen.findByRole('alert')).textContent).toContain('It may be in the book already.');
  }
});

test('a book that has no such order says nothing of the first try, which may be in another', async () => {
  for (const code of ['unknown_order', 'not_found'] as const) {
    const till = new FakeTill();
    till.lose(/\/refund$/);
    const { unmount, user, dialog } = await fiveEuros(till);
    await dialog.findByRole('alert');
    till.fail(/\/refund$/, { status: 404, code });
    await user.click(dialog.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(dialog.getByRole('alert').textContent).toContain('This is not in the book that is open now.'));
    expect(dialog.getByRole('alert').textContent).not.toContain('No money');
    expect(dialog.queryByRole('button', { name: 'Close' }), 'it is owed still').toBeNull();
    expect(kept()).toContain(posts(till)[0]?.key);
    await user.click(dialog.getByRole('button', { name: 'Not now' }));

    await user.click(screen.getByRole('button', { name: 'Refund' }));
    const again = within(await screen.findByRole('dialog'));
    expect(again.getByRole('alert').textContent, 'the book may be the right one now').toContain('It may be in the book already.');
    await user.click(again.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€5.00 goes back' });
    expect(new Set(posts(till).map(({ key }) => key)).size, 'one key').toBe(1);
    expect(till.orders[0]?.refunds).toHaveLength(1);
    unmount();
  }
});

test('of a first try, a book that has no such order is an answer', async () => {
  const till = new FakeTill();
  till.fail(/\/refund$/, { status: 404, code: 'unknown_order' });
  const { dialog } = await fiveEuros(till);
  expect((await dialog.findByRole('alert')).textContent).toContain('There is no such order.');
  expect(kept()).not.toContain(posts(till)[0]?.key);
});

test('what had not been answered when the page was reloaded is owed too', async () => {
  const till = new FakeTill();
  till.orders = [paidOrder()];
  const { user, dialog } = await openRefund(till);
  await user.type(dialog.getByRole('textbox', { name: 'Your name' }), 'Ada');
  till.hold();
  await user.click(dialog.getByRole('button', { name: 'Refund €48.00' }));
  await waitFor(() => expect(posts(till)).toHaveLength(1));
  expect(kept()).toContain(posts(till)[0]?.key);
});

test('only what was asked for is kept: no ticket’s code, and nothing about the buyer', async () => {
  const till = new FakeTill();
  till.orders = [paidOrder({ buyerName: 'Grace Hopper', buyerEmail: 'grace@example.com' })];
  till.fail(/\/refund$/, new TypeError('Failed to fetch'));
  const { dialog } = await fiveEuros(till);
  await dialog.findByRole('alert');
  expect(kept()).toContain('Rain');
  expect(kept()).not.toMatch(/WCT1|grace|Grace|4242/);
});

test('some tickets whose refund is owed stand ticked after a reload', async () => {
  const till = new FakeTill();
  till.orders = [paidOrder()];
  till.fail(/\/refund$/, new TypeError('Failed to fetch'));
  const { unmount, user, dialog } = await openRefund(till);
  await user.click(dialog.getByRole('radio', { name: 'Some tickets' }));
  await user.click(dialog.getByRole('checkbox', { name: 'Ticket 2 of 2: Adult' }));
  await user.type(dialog.getByRole('textbox', { name: 'Your name' }), 'Ada');
  await user.click(dialog.getByRole('button', { name: 'Refund €24.00' }));
  await dialog.findByRole('alert');
  unmount();
  const again = (await openRefund(till)).dialog;
  expect(again.getByRole<HTMLInputElement>('checkbox', { name: 'Ticket 2 of 2: Adult' }).checked).toBe(true);
  expect(again.getByRole('button', { name: 'Refund €24.00' })).toBeDefined();
});

test('the answer tells of the refund that was asked for, and not of one that somebody made since', async () => {
  const till = new FakeTill();
  till.lose(/\/refund$/);
  const { user, dialog } = await fiveEuros(till);
  await dialog.findByRole('alert');
  const [made] = till.orders[0]!.refunds;
  till.orders = [paidOrder({ refunded: 1500, refundable: 3300, refunds: [{ ...made!, status: 'failed' }, refund({ id: 'rfd-2', by: 'Bo', amount: euro(1000) })] })];
  await user.click(dialog.getByRole('button', { name: 'Try again' }));
  expect((await screen.findByRole('dialog', { name: 'The refund came back' })).textContent).toContain('The buyer has not got the money.');
});

test('a store with nonsense in it is no trouble', async () => {
  for (const nonsense of ['{', '"a word"', '[1]', '[["refund ord-1",null]]', '[["refund ord-1",{"key":1,"body":{}}]]', '[["refund ord-1",{"key":"k"}]]']) {
    window.sessionStorage.setItem('willcall.owed', nonsense);
    const till = new FakeTill();
    till.orders = [paidOrder()];
    const { unmount, dialog } = await openRefund(till);
    expect(dialog.queryByRole('alert'), nonsense).toBeNull();
    unmount();
  }
});
