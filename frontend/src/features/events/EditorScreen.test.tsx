import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { EventEdit } from '~/api/events';
import { eventEdit, typeEdit } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp } from '~/testkit/renderTill';

async function edit(id = 'tale', till = new FakeTill()) {
  if (till.events.length === 0) till.events = [eventEdit()];
  const rendered = renderApp(`/events/${id}`, till);
  await screen.findByRole('heading', { level: 1, name: /Winter|New event|Import/ });
  return { ...rendered, till };
}

const field = (name: string, within_ = screen.getByRole('main')) => within(within_).getByLabelText(name);
const type = (name: string) => screen.getByRole('group', { name });
const save = () => screen.getByRole('button', { name: /^Sav/ });
const sent = (till: FakeTill) => till.seen.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/events')).map(({ body }) => body as unknown as EventEdit);

describe('a new event', () => {
  test('from nothing: filled in, saved in one go, and then edited under its own address', async () => {
    const { user, till } = await edit('new');
    await user.type(field('Name'), 'Hamlet');
    await user.type(field('Place'), 'Globe');
    fireEvent.change(field('Starts'), { target: { value: '2026-12-05T19:30' } });
    await user.type(field('Name of the ticket'), 'Standing');
    await user.type(field('Price each'), '12,50');
    await user.type(field('Seats', screen.getByRole('group', { name: /^Seats number 1/ })), '300');
    await user.click(save());
    await waitFor(() => expect(window.location.hash).toBe('#/events/evt-2'));
    const [event] = sent(till);
    expect(event).toMatchObject({
      name: 'Hamlet',
      place: 'Globe',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ticketTypes: [{ id: 'new-2', name: 'Standing', price: { minor: 1250, currency: 'eur' }, onSale: true }],
      quotas: [{ performanceId: 'new-1', ticketTypeIds: ['new-2'], size: 300 }],
    });
    expect(Date.parse(event!.performances[0]!.startsAt) - Date.parse(event!.performances[0]!.doorsAt)).toBe(45 * 60_000);
    expect(await screen.findByRole('heading', { level: 1, name: 'Hamlet' })).toBeDefined();
    expect(screen.getByText('All saved')).toBeDefined();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  test('nothing filled in: all that is missing is said on top, has the focus, and leads to the fields', async () => {
    const { user, till } = await edit('new');
    await user.click(save());
    const summary = await screen.findByRole('alert');
    expect(summary.textContent).toContain('6 things are not right yet');
    await waitFor(() => expect(document.activeElement).toBe(summary));
    expect(sent(till)).toEqual([]);
    expect(field('Place').getAttribute('aria-invalid')).toBe('true');
    await user.click(within(summary).getByRole('link', { name: 'Place' }));
    expect(document.activeElement).toBe(field('Place'));
    await user.keyboard('Globe');
    expect(field('Place').getAttribute('aria-invalid')).toBeNull();
    expect(summary.textContent).toContain('5 things are not right yet');
  });
});

describe('an amount', () => {
  test.each([
    ['0.10', 'Too little: Stripe charges €0.50 at the least.'],
    ['1000000', 'Too much: Stripe charges €999,999.99 at the most.'],
    ['9.005', 'EUR has 2 decimals at most. Write it such as 24.00.'],
    ['nine', 'Write figures only, such as 24.00.'],
  ])('%s is refused when the field is left, with the rule', async (text, rule) => {
    const { user } = await edit();
    const price = field('Price each', type('Child'));
    await user.clear(price);
    await user.type(price, text);
    expect(screen.queryByText(rule)).toBeNull();
    await user.tab();
    expect(screen.getByText(rule)).toBeDefined();
  });

  test('of another currency has other rules', async () => {
    const till = new FakeTill();
    till.events = [eventEdit({ ticketTypes: [typeEdit({ price: { minor: 12_340, currency: 'kwd' } }), typeEdit({ id: 'child', name: 'Child', price: { minor: 900, currency: 'jpy' } })] })];
    const { user } = await edit('tale', till);
    expect(field('Price each', type('Adult'))).toHaveProperty('value', '12.340');
    await user.clear(field('Price each', type('Adult')));
    await user.type(field('Price each', type('Adult')), '12.345');
    await user.type(field('Price each', type('Child')), '.5');
    await user.tab();
    expect(screen.getByText(/last of the three decimals of KWD must be 0/)).toBeDefined();
    expect(screen.getByText(/JPY has no decimals/)).toBeDefined();
  });

  test('that the buyer says has a least, a most and perhaps a suggestion', async () => {
    const { user, till } = await edit();
    await user.click(within(type('Child')).getByRole('radio', { name: 'The buyer says' }));
    await user.type(field('At least', type('Child')), '5');
    await user.type(field('At most', type('Child')), '50');
    await user.click(save());
    await waitFor(() => expect(sent(till)).toHaveLength(1));
    expect(sent(till)[0]?.ticketTypes[1]).toMatchObject({ price: { minor: 900, currency: 'eur' }, bounds: { least: 500, most: 5000 } });
  });
});

describe('ticket types and seats', () => {
  test('a new type is named where it can be ticked, moves up, and shares the seats', async () => {
    const { user, till } = await edit();
    await user.click(screen.getByRole('button', { name: 'Add a ticket type' }));
    await user.type(field('Name of the ticket', type('Nameless')), 'Senior');
    await user.type(field('Price each', type('Senior')), '16');
    await user.click(screen.getByRole('button', { name: 'Move Senior up' }));
    await user.click(save());
    await waitFor(() => expect(sent(till)).toHaveLength(1));
    expect(sent(till)[0]?.ticketTypes.map(({ name }) => name)).toEqual(['Adult', 'Senior', 'Child']);
    expect(sent(till)[0]?.quotas[0]?.ticketTypeIds).toEqual(['adult', 'child', 'new-1']);
  });

  test('a type without seats is told to be off sale there, until it has some', async () => {
    const { user } = await edit();
    const [saturday] = screen.getAllByRole('group', { name: /^Seats number 1/ });
    await user.click(within(saturday!).getByRole('checkbox', { name: 'Child' }));
    expect(screen.getByText(/no seats are set apart: Child/)).toBeDefined();
    await user.click(screen.getAllByRole('button', { name: 'Add seats of their own' })[0]!);
    expect(screen.queryByText(/no seats are set apart/)).toBeNull();
  });

  test('how many are taken is told, and the same for all in one tap', async () => {
    const { user, till } = await edit();
    expect(screen.getByText('7 taken')).toBeDefined();
    const [saturday] = screen.getAllByRole('group', { name: /^Seats number 1/ });
    await user.clear(field('Seats', saturday));
    await user.type(field('Seats', saturday), '80');
    await user.click(screen.getAllByRole('button', { name: 'The same for all performances' })[0]!);
    await user.click(save());
    await waitFor(() => expect(sent(till)).toHaveLength(1));
    expect(sent(till)[0]?.quotas).toMatchObject([{ id: 'house', size: 80 }, { id: 'house-2', size: 80 }]);
  });
});

describe('times', () => {
  test('are those of the place; an hour that is missing is refused, one that comes twice is asked about', async () => {
    const { user, till } = await edit();
    const first = screen.getByRole('group', { name: 'Performance 1' });
    expect(field('Starts', first)).toHaveProperty('value', '2026-11-21T19:30');
    fireEvent.change(field('Starts', first), { target: { value: '2027-03-28T02:30' } });
    expect(within(first).getAllByText(/no such time on that day/)).not.toHaveLength(0);
    fireEvent.change(field('Starts', first), { target: { value: '2026-10-25T02:30' } });
    await user.click(within(first).getByRole('radio', { name: 'The second' }));
    fireEvent.change(field('Doors open', first), { target: { value: '' } });
    await user.click(save());
    await waitFor(() => expect(sent(till)).toHaveLength(1));
    expect(sent(till)[0]?.performances[0]).toMatchObject({ startsAt: '2026-10-25T01:30:00Z', doorsAt: '2026-10-25T01:30:00Z' });
  });
});

describe('what the till says', () => {
  test('stands at its field and on top', async () => {
    const { user, till } = await edit();
    till.fail(/^PUT/, { status: 409, code: 'in_use', errors: [{ location: 'body.quotas[0].size', message: '7 of its seats are taken already.' }] });
    await user.type(field('Name'), '!');
    await user.click(save());
    const summary = await screen.findByRole('alert');
    expect(summary.textContent).toContain('7 of its seats are taken already.');
    const [size] = screen.getAllByRole('textbox', { name: 'Seats' });
    expect(size?.getAttribute('aria-invalid')).toBe('true');
    await waitFor(() => expect(document.activeElement).toBe(summary));
    await user.type(size!, '0');
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(save());
    expect(await screen.findByText('All saved')).toBeDefined();
  });

  test('somebody else was faster: reload drops what was typed and shows theirs', async () => {
    const { user, till } = await edit();
    await user.type(field('Name'), ' II');
    act(() => void till.keepEvent(eventEdit({ revision: 4, name: 'The Winter’s Tale, again' })));
    await user.click(save());
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain('Somebody else has changed it meanwhile.');
    await user.click(within(card).getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(field('Name')).toHaveProperty('value', 'The Winter’s Tale, again'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('somebody else was faster and nothing was typed: theirs is shown by itself', async () => {
    const { till } = await edit();
    act(() => void till.keepEvent(eventEdit({ revision: 4, name: 'The Winter’s Tale, again' })));
    await waitFor(() => expect(field('Name')).toHaveProperty('value', 'The Winter’s Tale, again'));
  });

  test('Stripe refused a type: why, and one tap to ask again', async () => {
    const till = new FakeTill();
    const problem = { code: 'stripe_refused' as const, detail: 'The name is not allowed.', next: 'Choose another.' };
    till.events = [eventEdit({ ticketTypes: [typeEdit(), typeEdit({ id: 'child', name: 'Child', mirror: { state: 'refused', problem } })] })];
    const { user } = await edit('tale', till);
    expect(type('Child').textContent).toContain('The name is not allowed. Choose another.');
    await user.click(screen.getByRole('button', { name: 'Ask Stripe again' }));
    await waitFor(() => expect(type('Child').textContent).toContain('Stripe is being told'));
    expect(till.posts('/api/events/tale/mirror')).toHaveLength(1);
  });
});

describe('leaving', () => {
  test('with unsaved work asks, whichever way; staying keeps it', async () => {
    const { user } = await edit();
    await user.type(field('Name'), '!');
    await user.click(screen.getAllByRole('link', { name: 'Sales' })[0]!);
    await user.click(await screen.findByRole('button', { name: 'Go on editing' }));
    expect(window.location.hash).toBe('#/events/tale');
    expect(field('Name')).toHaveProperty('value', 'The Winter’s Tale!');
    act(() => {
      window.location.hash = '/sell';
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    });
    await user.click(await screen.findByRole('button', { name: 'Leave without saving' }));
    expect(await screen.findByRole('heading', { level: 2, name: 'Cart' })).toBeDefined();
    expect(window.location.hash).toBe('#/sell');
  });

  test('without any does not', async () => {
    const { user } = await edit();
    await user.type(field('Name'), '!');
    await user.keyboard('{Backspace}');
    await user.click(screen.getByRole('button', { name: 'All events' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Events and tickets' })).toBeDefined();
  });
});

test('archived and brought back, each after one question or none', async () => {
  const { user, till } = await edit();
  await user.click(screen.getByRole('button', { name: 'Archive the event' }));
  const question = await screen.findByRole('alertdialog');
  expect(question.textContent).toContain('can still be paid');
  await user.click(within(question).getByRole('button', { name: 'Archive the event' }));
  await user.click(await screen.findByRole('button', { name: 'Bring the event back' }));
  await screen.findByRole('button', { name: 'Archive the event' });
  expect(sent(till).map(({ archived }) => archived)).toEqual([true, false]);
});

test('import: what is in use cannot be ticked, the rest becomes ticket types of a new event', async () => {
  const till = new FakeTill();
  till.products = [
    { productId: 'prod_1', priceId: 'price_1', name: 'Front row', price: { minor: 5000, currency: 'chf' }, used: false },
    { productId: 'prod_2', priceId: 'price_2', name: 'Balcony', price: { minor: 3000, currency: 'chf' }, used: true },
  ];
  const { user } = await edit('import', till);
  await user.click(await screen.findByRole('checkbox', { name: /Front row/ }));
  expect(screen.getByRole('checkbox', { name: /Balcony/ }).hasAttribute('disabled')).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Set up an event with 1 ticket type' }));
  expect(field('Price each', type('Front row'))).toHaveProperty('value', '50.00');
  await user.type(field('Name'), 'Hamlet');
  await user.type(field('Place'), 'Globe');
  fireEvent.change(field('Starts'), { target: { value: '2026-12-05T19:30' } });
  await user.type(field('Seats', screen.getByRole('group', { name: /^Seats number 1/ })), '30');
  await user.click(save());
  await waitFor(() => expect(sent(till)[0]?.ticketTypes).toMatchObject([{ adopt: { productId: 'prod_1', priceId: 'price_1' } }]));
});
