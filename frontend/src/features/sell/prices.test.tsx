/** Prices that the buyer says, the least and the most of an order, sale windows, several events, and the other tender. */
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { catalogue, euro, performance, status, ticketType } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { SellScreen } from './SellScreen';
import { suggestionsOf } from './suggestions';

const friend = ticketType({ id: 'friend', name: 'Friend', price: euro(2000), bounds: { least: 500, most: 5000 } });

async function sell(till: FakeTill, first = /^Adult/) {
  const onPlaced = vi.fn();
  const rendered = renderScreen(<SellScreen onPlaced={onPlaced} onSetUp={() => undefined} />, till);
  await screen.findByRole('button', { name: first });
  return { ...rendered, till, onPlaced };
}

function selling(...types: ReturnType<typeof ticketType>[]) {
  const till = new FakeTill();
  till.catalogue = catalogue(performance({ ticketTypes: types }));
  return till;
}

const tile = (name: string) => screen.getByRole('button', { name: new RegExp(`^${name}`) });
const quantities = (name: string) => screen.getAllByRole('group', { name: `Quantity of ${name}` }).map((group) => group.textContent);
const pay = () => screen.getByRole('button', { name: /Pay by phone|Making the code/ });
const dialog = () => screen.findByRole('dialog');

describe('a price that the buyer says', () => {
  test('is tapped or typed; other amounts are other lines, and are sent as they were chosen', { timeout: 15_000 }, async () => {
    const { user, till, onPlaced } = await sell(selling(friend), /^Friend/);
    expect(tile('Friend').textContent).toContain('from €5.00');
    await user.click(tile('Friend'));
    expect((await dialog()).textContent).toContain('from €5.00 to €50.00 each');
    await user.click(screen.getByRole('button', { name: '€20.00' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(tile('Friend'));
    await user.type(await screen.findByLabelText('Another amount'), '12,50{Enter}');
    await user.click(tile('Friend'));
    await user.click(await screen.findByRole('button', { name: '€20.00' }));
    expect(quantities('Friend')).toEqual(['2', '1']);
    expect(tile('Friend').textContent).toContain('3 in the cart');
    expect(screen.getByText('€52.50')).toBeDefined();
    await user.click(pay());
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')[0]?.body?.lineItems).toEqual([
      { performanceId: 'saturday', ticketTypeId: 'friend', quantity: 2, unitPrice: 2000 },
      { performanceId: 'saturday', ticketTypeId: 'friend', quantity: 1, unitPrice: 1250 },
    ]);
  });

  test.each([
    ['4.99', 'From €5.00 to €50.00, please.'],
    ['50.01', 'From €5.00 to €50.00, please.'],
    ['much', 'That is not an amount that Stripe takes.'],
    ['7.005', 'That is not an amount that Stripe takes.'],
  ])('%s is refused, with the rule', async (text, rule) => {
    const { user } = await sell(selling(friend), /^Friend/);
    await user.click(tile('Friend'));
    await user.type(await screen.findByLabelText('Another amount'), `${text}{Enter}`);
    expect(await screen.findByText(rule)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
  });

  test('Shift and its digit take the last one away again', async () => {
    const { user } = await sell(selling(friend), /^Friend/);
    await user.keyboard('1');
    await user.click(await screen.findByRole('button', { name: '€10.00' }));
    await user.keyboard('{Shift>}[Digit1]{/Shift}');
    expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
  });

  test.each([
    ['around what is suggested', 2000, { least: 500, most: 5000 }, [1000, 2000, 4000]],
    ['from the least up where nothing is suggested', 0, { least: 500, most: 5000 }, [500, 1000, 2500, 5000]],
    ['only what Stripe takes', 0, { least: 20, most: 60 }, []],
    ['one, where only one is possible', 700, { least: 700, most: 700 }, [700]],
  ])('amounts to tap: %s', (_, minor, bounds, expected) => {
    expect(suggestionsOf(ticketType({ price: euro(minor), bounds })).map((amount) => amount.minor)).toEqual(expected);
  });
});

test('a donation takes no seat', async () => {
  const gift = ticketType({ id: 'gift', name: 'Gift', price: euro(500), donation: true, available: 100, quota: 100 });
  const { user } = await sell(selling(ticketType(), gift));
  expect(tile('Gift').textContent).toContain('Donation, takes no seat');
  expect(tile('Gift').textContent).not.toContain('left');
  await user.click(tile('Gift'));
  await user.click(tile('Adult'));
  expect(screen.getByText('1 seat')).toBeDefined();
});

describe('the least and the most of an order', () => {
  test('the first tap brings the least; one fewer than that is none', async () => {
    const { user } = await sell(selling(ticketType({ least: 3 })));
    expect(tile('Adult').textContent).toContain('At least 3 in an order');
    await user.click(tile('Adult'));
    expect(quantities('Adult')).toEqual(['3']);
    await user.click(screen.getByRole('button', { name: 'One more: Adult' }));
    await user.click(screen.getByRole('button', { name: 'One fewer: Adult' }));
    expect(quantities('Adult')).toEqual(['3']);
    await user.click(screen.getByRole('button', { name: 'One fewer: Adult' }));
    expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
  });

  test('the most ends the stepper, in words; it counts for all amounts together', async () => {
    const { user } = await sell(selling({ ...friend, most: 2 }), /^Friend/);
    for (const amount of ['€10.00', '€20.00', '€40.00']) {
      await user.click(tile('Friend'));
      await user.click(await screen.findByRole('button', { name: amount }));
    }
    expect(quantities('Friend')).toEqual(['1', '1']);
    expect(screen.getAllByText('At most 2 in an order')).toHaveLength(2);
    expect(screen.getByText('Friend: at most 2 in an order')).toBeDefined();
    expect(screen.getAllByRole('button', { name: 'One more: Friend' }).every((button) => button.hasAttribute('disabled'))).toBe(true);
  });

  test('too few, because the rule has changed meanwhile: said, and not sold', async () => {
    const { user, till } = await sell(selling(ticketType()));
    await user.click(tile('Adult'));
    till.catalogue = catalogue(performance({ ticketTypes: [ticketType({ least: 2 })] }));
    till.carrier.say('change', { number: 8, kind: 'catalogue' });
    expect(await screen.findByText('1 more is needed: at least 2 in an order')).toBeDefined();
    expect(pay().hasAttribute('disabled')).toBe(true);
    await user.keyboard('p');
    expect(till.posts('/api/orders')).toEqual([]);
  });
});

test('what is not on sale yet stands there with its time, and cannot be tapped', async () => {
  const { user } = await sell(
    selling(ticketType(), ticketType({ id: 'late', name: 'Late', onSale: false, saleFrom: '2026-11-21T17:00:00Z' }), ticketType({ id: 'over', name: 'Over', onSale: false })),
  );
  expect(tile('Late').textContent).toContain('On sale from Sat 21 Nov, 18:00');
  expect(tile('Over').textContent).toContain('Not on sale now');
  expect(tile('Late').hasAttribute('disabled')).toBe(true);
  await user.keyboard('2');
  expect(screen.getByText('Tap a ticket to start a sale.')).toBeDefined();
});

test('several events: a switch between them, and the dates of the one that is shown', async () => {
  const till = new FakeTill();
  const { events } = catalogue(performance(), performance({ id: 'sunday', startsAt: '2026-11-22T18:30:00Z' }));
  const [tale] = events;
  till.catalogue = {
    events: [tale!, { ...tale!, id: 'hamlet', name: 'Hamlet', performances: [performance({ id: 'h', startsAt: '2026-11-20T18:30:00Z', ticketTypes: [ticketType({ id: 'pit', name: 'Pit' })] })] }],
  };
  const { user } = await sell(till, /^Pit/);
  expect(screen.queryByRole('radiogroup', { name: 'Performance' })).toBeNull();
  await user.click(within(screen.getByRole('radiogroup', { name: 'Event' })).getByRole('radio', { name: /Winter/ }));
  expect(within(screen.getByRole('radiogroup', { name: 'Performance' })).getAllByRole('radio')).toHaveLength(2);
  expect(tile('Adult')).toBeDefined();
});

describe('a card on this screen', () => {
  test('is a second button where one can be typed, and K', async () => {
    const till = new FakeTill();
    till.status = status({ canType: true });
    const { user, onPlaced } = await sell(till);
    await user.click(tile('Adult'));
    await screen.findByRole('button', { name: /Card on this screen/ });
    await user.keyboard('k');
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders')).toMatchObject([{ body: { tender: 'card' } }]);
  });

  test('is not offered where none can be typed', async () => {
    const { user, till } = await sell(selling(ticketType()));
    till.status = status({ canType: false });
    await user.click(tile('Adult'));
    await user.keyboard('k');
    expect(screen.queryByRole('button', { name: /Card on this screen/ })).toBeNull();
    expect(till.posts('/api/orders')).toEqual([]);
  });

  test('trying again tries the same tender', async () => {
    const till = new FakeTill();
    till.status = status({ canType: true });
    const { user, onPlaced } = await sell(till);
    await user.click(tile('Adult'));
    till.fail(/^POST/, { status: 503, code: 'stripe_unreachable' });
    await user.click(await screen.findByRole('button', { name: /Card on this screen/ }));
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(onPlaced).toHaveBeenCalledOnce());
    expect(till.posts('/api/orders').map(({ body }) => body?.tender)).toEqual(['card', 'card']);
  });
});
