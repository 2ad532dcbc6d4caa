import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { catalogue, performance, ticketType } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { SellScreen } from './SellScreen';

async function sell(till = new FakeTill()) {
  const onPlaced = vi.fn();
  const rendered = renderScreen(<SellScreen onPlaced={onPlaced} onSetUp={() => undefined} />, till);
  await screen.findByRole('button', { name: /^Adult/ });
  return { ...rendered, onPlaced };
}

const tile = (name: string) => screen.getByRole('button', { name: new RegExp(`^${name}`) });
const pay = () => screen.getByRole('button', { name: /Pay by phone|Making the code/ });
const quantity = (name: string) => screen.getByRole('group', { name: `Quantity of ${name}` });

describe('the cart', () => {
  test('two taps: a ticket, and Pay by phone', async () => {
    const { user, till, onPlaced } = await sell();
    await user.click(tile('Adult'));
    await user.click(pay());
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')).toMatchObject([
      { body: { lineItems: [{ performanceId: 'saturday', ticketTypeId: 'adult', quantity: 1 }] } },
    ]);
    expect(await screen.findByText('Tap a ticket to start a sale.')).toBeDefined();
  });

  test('steppers, the total, and emptying it', async () => {
    const { user } = await sell();
    await user.click(tile('Adult'));
    await user.click(tile('Child'));
    await user.click(screen.getByRole('button', { name: 'One more: Child' }));
    expect(quantity('Child').textContent).toContain('2');
    expect(screen.getByText('€42.00')).toBeDefined();
    expect(screen.getByText('3 seats')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'One fewer: Adult' }));
    expect(screen.queryByRole('group', { name: 'Quantity of Adult' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Empty the cart' }));
    expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
  });

  test('never takes more than is left', async () => {
    const { user } = await sell();
    await user.click(tile('Balcony'));
    await user.click(tile('Balcony'));
    await user.click(tile('Balcony'));
    expect(quantity('Balcony').textContent).toContain('2');
    expect(screen.getByText('No more seats for Balcony')).toBeDefined();
    expect(screen.getByRole('button', { name: 'One more: Balcony' }).hasAttribute('disabled')).toBe(true);
  });

  test('nothing in it: nothing to pay', async () => {
    const { user, till } = await sell();
    expect(pay().hasAttribute('disabled')).toBe(true);
    await user.keyboard('{Enter}p');
    expect(till.posts('/api/orders')).toEqual([]);
  });
});

describe('what is on sale', () => {
  test('sold out is said and cannot be tapped; few left is said', async () => {
    const till = new FakeTill();
    till.catalogue = catalogue(
      performance({ ticketTypes: [ticketType(), ticketType({ id: 'box', name: 'Box', available: 0 }), ticketType({ id: 'pit', name: 'Pit', available: 1 })] }),
    );
    await sell(till);
    expect(tile('Box').textContent).toContain('Sold out');
    expect(tile('Box').hasAttribute('disabled')).toBe(true);
    expect(tile('Pit').textContent).toContain('Last seat');
  });

  test('one performance needs no choice, two have one, and the cart tells which', async () => {
    const till = new FakeTill();
    till.catalogue = catalogue(
      performance({ startsAt: '2026-11-21T18:30:00Z' }),
      performance({ id: 'sunday', startsAt: '2026-11-22T18:30:00Z' }),
    );
    const { user, onPlaced } = await sell(till);
    await user.click(within(screen.getByRole('radiogroup', { name: 'Performance' })).getByRole('radio', { name: /22/ }));
    await user.click(tile('Adult'));
    expect(quantity('Adult').closest('li')?.textContent).toContain('22 Nov');
    await user.click(pay());
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')[0]?.body?.lineItems).toMatchObject([{ performanceId: 'sunday' }]);
  });

  test('others buy while the cart is open: a warning, and one tap to take what is left', async () => {
    const till = new FakeTill();
    const { user } = await sell(till);
    await user.click(tile('Balcony'));
    await user.click(tile('Balcony'));
    till.catalogue = catalogue(performance({ ticketTypes: [ticketType({ id: 'balcony', name: 'Balcony', available: 1 })] }));
    act(() => till.carrier.say('change', { number: 8, kind: 'order', id: 'ord-9' }));
    await user.click(await screen.findByRole('button', { name: 'Take 1' }));
    expect(quantity('Balcony').textContent).toContain('1');
    expect(screen.queryByText('Only 1 left now')).toBeNull();
  });

  test('nothing on sale is said, and how to change that', async () => {
    const till = new FakeTill();
    till.catalogue = { events: [] };
    const onSetUp = vi.fn();
    const { user } = renderScreen(<SellScreen onPlaced={vi.fn()} onSetUp={onSetUp} />, till);
    expect(await screen.findByRole('heading', { level: 1, name: 'Nothing is on sale' })).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Set up an event' }));
    expect(onSetUp).toHaveBeenCalled();
  });
});

describe('keys', () => {
  test('digits add, with Shift they take away, p pays', async () => {
    const { user, till, onPlaced } = await sell();
    await user.keyboard('113');
    await user.keyboard('{Shift>}[Digit1]{/Shift}');
    expect(quantity('Adult').textContent).toContain('1');
    expect(quantity('Balcony').textContent).toContain('1');
    await user.keyboard('p');
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')).toHaveLength(1);
  });

  test('in the e-mail field a digit is a digit, and Enter pays', async () => {
    const { user, till, onPlaced } = await sell();
    await user.click(tile('Adult'));
    await user.type(screen.getByLabelText('Buyer’s e-mail'), 'a1p@example.com{Enter}');
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')).toMatchObject([
      { body: { buyerEmail: 'a1p@example.com', lineItems: [{ quantity: 1 }] } },
    ]);
  });
});

describe('one order for one cart', () => {
  test('a double tap, and taps while the answer is on its way, are one request', async () => {
    const till = new FakeTill();
    const { user, onPlaced } = await sell(till);
    await user.click(tile('Adult'));
    const release = till.hold();
    await user.dblClick(pay());
    await user.keyboard('p');
    expect(pay().textContent).toContain('Making the code');
    await user.click(tile('Child'));
    release();
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')).toHaveLength(1);
    expect(till.orders).toHaveLength(1);
  });

  test('no answer: trying again has the same key; a changed cart has another', async () => {
    const till = new FakeTill();
    const { user } = await sell(till);
    await user.click(tile('Adult'));
    for (let n = 0; n < 2; n++) till.fail(/^POST/, new TypeError('Failed to fetch'));
    await user.click(pay());
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(till.posts('/api/orders')).toHaveLength(2));
    await screen.findByRole('alert');
    await user.click(tile('Child'));
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(pay());
    await waitFor(() => expect(till.posts('/api/orders')).toHaveLength(3));
    const [first, second, third] = till.posts('/api/orders').map(({ key }) => key);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test.each([
    ['an error of the till keeps the key', { status: 500, code: 'internal' } as const, true],
    ['a refusal is an answer: the next try is a new sale', { status: 409, code: 'stripe_busy' } as const, false],
  ])('%s', async (_, mishap, same) => {
    const till = new FakeTill();
    const { user, onPlaced } = await sell(till);
    await user.click(tile('Adult'));
    till.fail(/^POST/, mishap);
    await user.click(pay());
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    const [first, second] = till.posts('/api/orders').map(({ key }) => key);
    expect(second === first).toBe(same);
  });
});

describe('a failure', () => {
  test('sold out: what happened, what it means for the money, and fresh seats', async () => {
    const till = new FakeTill();
    const { user } = await sell(till);
    await user.click(tile('Adult'));
    till.fail(/^POST/, { status: 409, code: 'sold_out', params: { name: 'Adult', available: '1' } });
    await user.click(pay());
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain('Adult: only 1 seat is left.');
    expect(card.textContent).toContain('nothing was charged');
    const asked = till.seen.filter(({ path }) => path === '/api/catalogue').length;
    await user.click(within(card).getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(till.seen.filter(({ path }) => path === '/api/catalogue').length).toBeGreaterThan(asked));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(quantity('Adult').textContent).toContain('1');
  });

  test('half an address is told at the field, and the button leads there', async () => {
    const till = new FakeTill();
    const { user } = await sell(till);
    await user.click(tile('Adult'));
    till.fail(/^POST/, { status: 422, code: 'bad_email' });
    await user.click(pay());
    await user.click(await screen.findByRole('button', { name: 'Correct the address' }));
    const field = screen.getByLabelText('Buyer’s e-mail');
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await user.keyboard('a');
    expect(field.getAttribute('aria-invalid')).toBeNull();
  });

  test('Escape puts the card away', async () => {
    const till = new FakeTill();
    const { user } = await sell(till);
    await user.click(tile('Adult'));
    till.fail(/^POST/, { status: 422, code: 'amount_too_small' });
    await user.click(pay());
    await screen.findByRole('alert');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('the till does not answer at the start: said, and tried again', async () => {
    const till = new FakeTill();
    till.down(/catalogue/, { status: 422, code: 'book_locked' });
    const { user } = renderScreen(<SellScreen onPlaced={vi.fn()} onSetUp={() => undefined} />, till);
    expect((await screen.findByRole('alert')).textContent).toContain('Another Willcall has this book open.');
    till.behave();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: /^Adult/ })).toBeDefined();
  });
});
