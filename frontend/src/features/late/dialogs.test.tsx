import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { LateMoney } from '~/api/types';
import { catalogue, performance, ticketType } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { lateMoney } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { LateScreen } from './LateScreen';

async function open(action: 'Give seats' | 'Refund' | 'Keep it', money: LateMoney, till = new FakeTill()) {
  till.returns.items = [money];
  const shown = renderScreen(<LateScreen answer={() => null} />, till);
  await shown.user.click(await screen.findByRole('button', { name: action }));
  const dialog = await screen.findByRole('dialog');
  const named = (name: RegExp | string) => within(dialog).getByRole('button', { name });
  const sign = async (name = 'Ada') => {
    const field = within(dialog).getByRole('textbox', { name: 'Your name' });
    await shown.user.clear(field);
    await shown.user.type(field, name);
  };
  return { ...shown, dialog, named, sign };
}

const seatPosts = (till: FakeTill) => till.posts('/api/late-money/dsc-1/seat');
const refundPosts = (till: FakeTill) => till.posts('/api/late-money/dsc-1/refund');

describe('giving seats', () => {
  test('the seats that it was for, where they are free: one tap, a name, and it says which order', async () => {
    const { user, dialog, named, sign, till } = await open('Give seats', lateMoney({ room: true }));
    expect(within(dialog).getByRole('radio', { name: 'What it was for' }).getAttribute('aria-checked')).toBe('true');
    await waitFor(() => expect(dialog.textContent).toContain('2 seats for €48.00: just what was paid.'));
    await sign();
    await user.click(named('Give 2 seats'));
    const done = await screen.findByRole('dialog', { name: 'Seats given' });
    expect(done.textContent).toContain('order LATE22 is paid and has its tickets');
    expect(seatPosts(till).map(({ body }) => body)).toEqual([{ lines: [], by: 'Ada', note: '' }]);
    await user.click(within(done).getByRole('button', { name: 'Show the order' }));
    expect(window.location.hash).toBe('#/sales/ord-9');
  });

  test('other seats by keys alone, with what price and money come to', async () => {
    const { user, dialog, named, till } = await open('Give seats', lateMoney());
    expect(dialog.textContent).toContain('The seats that it was for are gone: choose others.');
    expect(dialog.textContent).toContain('The money was for 2 seats.');
    expect(dialog.textContent).toContain('Choose the seats that the buyer gets.');
    expect(named('Give seats').hasAttribute('disabled')).toBe(true);
    const balcony = await within(dialog).findByRole('group', { name: 'Quantity of Balcony' });
    within(balcony).getByRole('button', { name: 'One more Balcony' }).focus();
    await user.keyboard('{Enter}{Enter}');
    expect(within(balcony).getByRole('button', { name: 'One more Balcony' }).hasAttribute('disabled'), 'only two are left').toBe(true);
    expect(dialog.textContent).toContain('2 seats cost €64.00. The buyer has paid €48.00 and pays nothing more: €16.00 less than they cost.');
    within(dialog).getByRole('textbox', { name: 'Your name' }).focus();
    await user.keyboard('Ada{Tab}Better seats{Tab}{Tab}');
    expect(document.activeElement).toBe(named('Give 2 seats'));
    await user.keyboard('{Enter}');
    await screen.findByRole('dialog', { name: 'Seats given' });
    expect(seatPosts(till)[0]?.body).toEqual({
      lines: [{ performanceId: 'saturday', ticketTypeId: 'balcony', quantity: 2 }],
      by: 'Ada',
      note: 'Better seats',
    });
  });

  test('fewer seats than were paid for say that nothing goes back', async () => {
    const { user, dialog } = await open('Give seats', lateMoney());
    const child = await within(dialog).findByRole('group', { name: 'Quantity of Child' });
    await user.click(within(child).getByRole('button', { name: 'One more Child' }));
    expect(dialog.textContent).toContain('1 seat costs €9.00. All of €48.00 is booked for it; €39.00 more than it costs.');
    await user.click(within(child).getByRole('button', { name: 'One fewer Child' }));
    await user.click(within(child).getByRole('button', { name: 'One fewer Child' }));
    expect(dialog.textContent).toContain('Choose the seats that the buyer gets.');
  });

  test('seats are held against what is left of the money, and it says what is not', async () => {
    const { dialog } = await open('Give seats', lateMoney({ room: true, left: 2400 }));
    expect(within(dialog).getByRole('heading', { name: 'Give seats for €24.00' })).toBeDefined();
    expect(dialog.textContent).toContain('€24.00 of the €48.00 that was paid is not here any more');
    await waitFor(() => expect(dialog.textContent).toContain('2 seats cost €48.00. €24.00 is left and the buyer pays nothing more: €24.00 less than they cost.'));
  });

  test('seats whose answer is owed stand as they were when the dialog is opened again', async () => {
    const till = new FakeTill();
    till.fail(/\/seat$/, new Error('gone'));
    const { user, dialog, named, sign } = await open('Give seats', lateMoney(), till);
    await user.click(await within(dialog).findByRole('button', { name: 'One more Child' }));
    await sign();
    await user.click(named('Give 1 seat'));
    await screen.findByRole('alert');
    await user.click(named('Not now'));
    await user.click(screen.getByRole('button', { name: 'Give seats' }));
    await user.click(await screen.findByRole('button', { name: 'Give 1 seat' }));
    await screen.findByRole('dialog', { name: 'Seats given' });
    const [first, second] = seatPosts(till);
    expect(second?.key).toBe(first?.key);
    expect(second?.body).toEqual(first?.body);
  });

  test('sold out is no choice; another performance keeps what was picked at the first', async () => {
    const till = new FakeTill();
    till.catalogue = catalogue(
      performance(),
      performance({ id: 'sunday', startsAt: '2026-11-22T13:00:00Z', ticketTypes: [ticketType({ available: 0 })] }),
    );
    const { user, dialog } = await open('Give seats', lateMoney(), till);
    await user.click(await within(dialog).findByRole('button', { name: 'One more Adult' }));
    await user.click(within(dialog).getByRole('button', { name: /Performance/ }));
    await user.click(await screen.findByRole('option', { name: /Sun 22 Nov/ }));
    expect(within(dialog).getByText(/Sold out/)).toBeDefined();
    expect(within(dialog).queryByRole('group', { name: 'Quantity of Adult' })).toBeNull();
    expect(within(dialog).getByRole('button', { name: 'Give 1 seat' })).toBeDefined();
  });

  test('seats that went meanwhile: nothing is given, and the way on', async () => {
    const till = new FakeTill();
    till.fail(/\/seat$/, { status: 409, code: 'sold_out', params: { name: 'Adult', available: '0' } });
    const { user, dialog, named, sign } = await open('Give seats', lateMoney({ room: true }), till);
    await sign();
    await user.click(named('Give 2 seats'));
    const card = await within(dialog).findByRole('alert');
    expect(card.textContent).toContain('Adult has just sold out.');
    expect(card.textContent).toContain('Somebody was faster: choose other seats.');
    await user.click(within(card).getByRole('button', { name: 'Look again' }));
    expect(within(dialog).queryByRole('alert')).toBeNull();
    await user.click(within(dialog).getByRole('radio', { name: 'Other seats' }));
    expect(within(dialog).getByRole('group', { name: 'Quantity of Adult' })).toBeDefined();
  });
});

describe('giving it back', () => {
  test('says how much, to which card and that it takes days; a double tap gives it back once', async () => {
    const { user, dialog, named, sign, till } = await open('Refund', lateMoney());
    expect(dialog.textContent).toContain('€48.00 goes back to Visa ••4242');
    expect(dialog.textContent).toContain('5 to 10 working days');
    await sign();
    const release = till.hold();
    await user.dblClick(named('Give €48.00 back'));
    expect(within(dialog).getByRole('button', { name: 'Asking Stripe…' })).toBeDefined();
    release();
    expect(await screen.findByRole('dialog', { name: '€48.00 goes back' })).toBeDefined();
    expect(refundPosts(till)).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(await screen.findByText('Nothing waits. All money has its place.')).toBeDefined();
  });

  test('no answer: the same key again, and nothing can be changed in between', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, new Error('gone'));
    const { user, dialog, named, sign } = await open('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    const card = await within(dialog).findByRole('alert');
    expect(dialog.textContent).toContain('Trying again does the same and never does it twice.');
    expect(within(dialog).getByRole('textbox', { name: 'Your name' }).hasAttribute('disabled')).toBe(true);
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    const [first, second] = refundPosts(till);
    expect(second?.key).toBe(first?.key);
    expect(second?.body).toEqual(first?.body);
  });

  test('a definite no is over: the next try is a new one', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, { status: 409, code: 'stripe_busy' });
    const { user, dialog, named, sign } = await open('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    await user.click(within(await within(dialog).findByRole('alert')).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    const [first, second] = refundPosts(till);
    expect(second?.key).not.toBe(first?.key);
  });

  test('Stripe has not answered yet: it is asked for, here and under Done', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'asked';
    const { user, named, sign } = await open('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    expect((await screen.findByRole('dialog', { name: '€48.00 goes back' })).textContent).toContain('Stripe has not answered yet');
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await user.click(screen.getByRole('tab', { name: 'Done' }));
    expect((await screen.findByRole('article')).textContent).toContain('Refund asked for by Ada');
  });

  test('Stripe’s no is an answer: no money moved, and it still waits', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'refused';
    const { user, dialog, named, sign } = await open('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    const card = await within(dialog).findByRole('alert');
    expect(card.textContent).toContain('Stripe refused: the charge is disputed.No money moved.');
    await user.click(named('Not now'));
    expect(await screen.findByRole('button', { name: 'Refund' })).toBeDefined();
  });

  test('money that came back of an order: its refund is asked for, and the order says how far it is', async () => {
    const till = new FakeTill();
    till.returns.refundsAreOrders = true;
    const { user, named, sign } = await open('Refund', lateMoney({ reason: 'refund_failed' }), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    const done = await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(done.textContent).toContain('The refund is asked for and will be sent.');
    expect(done.textContent).not.toContain('5 to 10 working days');
  });

  test('an answer that is owed outlives the dialog', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, new Error('gone'));
    const { user, named, sign } = await open('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    await screen.findByRole('alert');
    await user.click(named('Not now'));
    await user.click(screen.getByRole('button', { name: 'Refund' }));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    const [first, second] = refundPosts(till);
    expect(second?.key).toBe(first?.key);
  });

  test('only what is left goes back; without a card it goes the way it came', async () => {
    const money = lateMoney({ left: 1800 });
    delete money.card;
    const { dialog, named } = await open('Refund', money);
    expect(dialog.textContent).toContain('€18.00 goes back the way it was paid.');
    expect(named('Give €18.00 back')).toBeDefined();
  });
});

describe('keeping it, and who does it', () => {
  test('needs a name, which stays in this browser', async () => {
    const { user, dialog, named, till, unmount } = await open('Keep it', lateMoney());
    expect(dialog.textContent).toContain('€48.00 stays on the Stripe account, and nobody gets a ticket for it.');
    await user.click(named('Keep €48.00'));
    expect(dialog.textContent).toContain('The book keeps who did it: say your name.');
    expect(document.activeElement).toBe(within(dialog).getByRole('textbox', { name: 'Your name' }));
    expect(till.posts('/api/late-money/dsc-1/keep')).toHaveLength(0);
    await user.keyboard('  Ada ');
    await user.type(within(dialog).getByRole('textbox', { name: 'Note' }), 'A gift');
    await user.click(named('Keep €48.00'));
    expect(await screen.findByRole('dialog', { name: '€48.00 is kept' })).toBeDefined();
    expect(till.posts('/api/late-money/dsc-1/keep')[0]?.body).toEqual({ by: 'Ada', note: 'A gift', left: 4800 });
    unmount();

    const again = await open('Keep it', lateMoney());
    expect(within(again.dialog).getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('Ada');
  });

  test('somebody was faster: what they did counts', async () => {
    const till = new FakeTill();
    till.fail(/\/keep$/, { status: 409, code: 'already_resolved' });
    const { user, dialog, named, sign } = await open('Keep it', lateMoney(), till);
    await sign();
    await user.click(named('Keep €48.00'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Somebody has dealt with this already.');
  });

  test('Escape leaves everything as it is', async () => {
    const { user, till } = await open('Keep it', lateMoney());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(till.seen.filter(({ method }) => method === 'POST')).toEqual([]);
    expect(screen.getByRole('button', { name: 'Keep it' })).toBeDefined();
  });
});
