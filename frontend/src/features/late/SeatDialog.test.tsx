import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { catalogue, performance, ticketType } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { lateMoney } from '~/testkit/lateBuilders';
import { openLate } from '~/testkit/openLate';

const seatPosts = (till: FakeTill) => till.posts('/api/late-money/dsc-1/seat');

describe('giving seats', () => {
  test('the seats that it was for, where they are free: one tap, a name, and it says which order', async () => {
    const { user, dialog, named, sign, till } = await openLate('Give seats', lateMoney({ room: true }));
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
    const { user, dialog, named, till } = await openLate('Give seats', lateMoney());
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
    const { user, dialog } = await openLate('Give seats', lateMoney());
    const child = await within(dialog).findByRole('group', { name: 'Quantity of Child' });
    await user.click(within(child).getByRole('button', { name: 'One more Child' }));
    expect(dialog.textContent).toContain('1 seat costs €9.00. All of €48.00 is booked for it; €39.00 more than it costs.');
    await user.click(within(child).getByRole('button', { name: 'One fewer Child' }));
    await user.click(within(child).getByRole('button', { name: 'One fewer Child' }));
    expect(dialog.textContent).toContain('Choose the seats that the buyer gets.');
  });

  test('seats are held against what is left of the money, and it says what is not', async () => {
    const { dialog } = await openLate('Give seats', lateMoney({ room: true, left: 2400 }));
    expect(within(dialog).getByRole('heading', { name: 'Give seats for €24.00' })).toBeDefined();
    expect(dialog.textContent).toContain('€24.00 of the €48.00 that was paid is not here any more');
    await waitFor(() => expect(dialog.textContent).toContain('2 seats cost €48.00. €24.00 is left and the buyer pays nothing more: €24.00 less than they cost.'));
  });

  test('seats whose answer is owed stand as they were when the dialog is opened again', async () => {
    const till = new FakeTill();
    till.fail(/\/seat$/, new Error('gone'));
    const { user, dialog, named, sign } = await openLate('Give seats', lateMoney(), till);
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

  test('the seats that it was for, owed over a reload, are asked for again, also where others have them by now', async () => {
    const till = new FakeTill();
    till.fail(/\/seat$/, new Error('gone'));
    const before = await openLate('Give seats', lateMoney({ room: true }), till);
    await before.sign();
    await before.user.click(before.named('Give 2 seats'));
    await screen.findByRole('alert');
    before.unmount();
    const { user, dialog, named } = await openLate('Give seats', lateMoney({ room: false }), till);
    expect(within(dialog).getByRole('radio', { name: 'What it was for' }).getAttribute('aria-checked')).toBe('true');
    await user.click(named('Try again'));
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
    const { user, dialog } = await openLate('Give seats', lateMoney(), till);
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
    const { user, dialog, named, sign } = await openLate('Give seats', lateMoney({ room: true }), till);
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
