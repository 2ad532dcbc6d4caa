import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { catalogue, performance, poster, ticketType } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderApp, renderScreen } from '~/testkit/renderTill';
import { PostersScreen } from './PostersScreen';

function posters(till = new FakeTill()) {
  const onMade = vi.fn();
  return { ...renderScreen(<PostersScreen onMade={onMade} />, till), onMade };
}

async function openForm(till = new FakeTill()) {
  const shown = posters(till);
  await shown.user.click(await screen.findByRole('button', { name: 'New poster' }));
  const form = await screen.findByRole('dialog', { name: 'New poster' });
  await within(form).findByRole('textbox');
  const seats = within(form).getByRole<HTMLInputElement>('textbox', { name: /^Seats to set apart/ });
  return { ...shown, form, seats, make: () => within(form).getByRole('button', { name: /^Mak/ }) };
}

describe('the list', () => {
  test('tells of each poster its code, what it sells, and how it stands', async () => {
    const till = new FakeTill();
    till.posters = [
      poster({ id: 'p1', state: 'open' }),
      poster({ id: 'p2', code: 'X4M', state: 'closing', arrived: 20 }),
      poster({ id: 'p3', code: 'B2B', state: 'closed', allotment: 1, arrived: 1 }),
      poster({ id: 'p4', code: 'Q9Q', state: 'refused' }),
      poster({ id: 'p5', code: 'Z3Z', state: 'starting' }),
    ];
    posters(till);
    const items = within(await screen.findByRole('list', { name: 'Posters, newest first' })).getAllByRole('listitem');
    expect(items.map((item) => /Sells|Closing|Closed|No link|Being made/.exec(item.textContent)?.[0])).toEqual([
      'Sells', 'Closing', 'Closed', 'No link', 'Being made',
    ]);
    for (const words of ['7KQ', 'Adult', '€24.00', 'The Winter’s Tale', 'Sat 21 Nov', '3 of 20 seats sold']) {
      expect(items[0]?.textContent).toContain(words);
    }
    expect(items[2]?.textContent).toContain('1 of 1 seat sold');
    expect(within(items[0]!).getByRole('meter').getAttribute('value')).toBe('3');
    expect(within(items[0]!).getByRole('link').getAttribute('href')).toBe('#/posters/p1');
  });

  test('a till that does not answer', async () => {
    const till = new FakeTill();
    till.down(/posters$/, new Error('gone'));
    const { user } = posters(till);
    const card = await screen.findByRole('alert', {}, { timeout: 3_000 });
    till.behave();
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No poster hangs yet.')).toBeDefined();
  });
});

describe('a new poster', () => {
  test('says what it means before it is made, and is made once', async () => {
    const till = new FakeTill();
    const { user, form, seats, make, onMade } = await openForm(till);
    expect(seats.value).toBe('20');
    expect(within(form).getByText('120 are free')).toBeDefined();
    expect(within(form).getByText(/20 seats are kept for whoever scans it/)).toBeDefined();
    await user.clear(seats);
    await user.type(seats, '35');
    await user.click(within(form).getByRole('radio', { name: 'Child, €9.00' }));
    const release = till.hold();
    await user.dblClick(make());
    expect(within(form).getByRole('button', { name: 'Making the poster…' })).toBeDefined();
    release();
    await waitFor(() => expect(onMade).toHaveBeenCalledOnce());
    const posts = till.posts('/api/posters');
    expect(posts.map(({ body }) => body)).toEqual([{ performanceId: 'saturday', ticketTypeId: 'child', allotment: 35 }]);
    expect(posts[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(['0', '121', '', '2.5', 'many'])('%j seats: told, and nothing can be made', async (typed) => {
    const { user, seats, make, till } = await openForm();
    await user.clear(seats);
    if (typed) await user.type(seats, typed);
    expect(screen.getByText('From 1 to 120.')).toBeDefined();
    expect(make().hasAttribute('disabled')).toBe(true);
    expect(till.posts('/api/posters')).toEqual([]);
  });

  test('no answer: the second try is the same poster; a refusal: a new one', async () => {
    const till = new FakeTill();
    till.fail(/POST .*posters$/, new Error('gone'));
    const { user, form, make } = await openForm(till);
    await user.click(make());
    const lost = await within(form).findByRole('alert');
    till.fail(/POST .*posters$/, { status: 409, code: 'sold_out', params: { name: 'Adult', available: '3' } });
    await user.click(within(lost).getByRole('button', { name: 'Try again' }));
    expect(await within(form).findByText('Adult: only 3 seats are left.')).toBeDefined();
    await user.click(make());
    await waitFor(() => expect(till.posts('/api/posters')).toHaveLength(3));
    const [first, second, third] = till.posts('/api/posters').map(({ key }) => key);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('another performance; and one of which nothing fits', async () => {
    const till = new FakeTill();
    till.catalogue = catalogue(
      performance(),
      performance({ id: 'sunday', startsAt: '2026-11-22T13:00:00Z', ticketTypes: [ticketType({ id: 'matinee', name: 'Matinee', available: 4 })] }),
      performance({ id: 'gala', startsAt: '2026-11-23T18:30:00Z', ticketTypes: [ticketType({ donation: true })] }),
    );
    const { user, form, make } = await openForm(till);
    await user.click(within(form).getByRole('button', { name: /Performance/ }));
    await user.click(await screen.findByRole('option', { name: /Sun 22 Nov/ }));
    expect(within(form).getByRole('radio', { name: /Matinee/ })).toBeDefined();
    expect(within(form).getByText('4 are free')).toBeDefined();
    expect(within(form).getByRole<HTMLInputElement>('textbox').value).toBe('4');
    await user.click(within(form).getByRole('button', { name: /Performance/ }));
    await user.click(await screen.findByRole('option', { name: /Mon 23 Nov/ }));
    expect(within(form).getByText(/Nothing of this performance can go on a poster/)).toBeDefined();
    expect(make().hasAttribute('disabled')).toBe(true);
  });

  test('leads to the poster, which is made under one’s eyes', async () => {
    const till = new FakeTill();
    const { user } = renderApp('/posters', till);
    await user.click(await screen.findByRole('button', { name: 'New poster' }, { timeout: 5_000 })); // the page is fetched first
    await user.click(await screen.findByRole('button', { name: 'Make the poster' }));
    expect(await screen.findByText(/asks Stripe for the link/)).toBeDefined();
    expect(screen.queryByRole('img', { name: /as it is printed/ })).toBeNull();
    act(() => void till.movePoster(till.posters[0]!.id, { state: 'open' }));
    expect(await screen.findByRole('img', { name: /as it is printed/ })).toBeDefined();
  });
});
