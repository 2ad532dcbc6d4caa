import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Poster } from '~/api/types';
import { order, paidOrder, poster, tender } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { PosterScreen } from './PosterScreen';

function show(now: Poster = poster(), till = new FakeTill()) {
  till.posters = [now, poster({ id: 'pst-2', code: 'OTH' })];
  const onBack = vi.fn();
  const phone = (page: string) => <aside>{`phone at ${page}`}</aside>;
  return { ...renderScreen(<PosterScreen id="pst-1" phone={phone} onBack={onBack} />, till), onBack };
}

const arrival = (n: number, name: string) =>
  paidOrder({
    id: `ord-${n}`,
    code: `WALL${n}`,
    buyerName: name,
    posterId: 'pst-1',
    tenders: [tender({ state: 'paid', card: { brand: 'visa', last4: String(1110 + n) } })],
  });

describe('the sheet', () => {
  test('is shown as it is printed, with every file to take away', async () => {
    show();
    const preview = await screen.findByRole('img', { name: 'Poster 7KQ as it is printed: Adult, The Winter’s Tale' });
    expect(preview.getAttribute('src')).toBe('/api/posters/pst-1/poster.svg?size=A4');
    const files = screen.getAllByRole('link').filter((link) => link.hasAttribute('download'));
    expect(files.map((link) => [link.textContent, link.getAttribute('href'), link.getAttribute('download')])).toEqual([
      ['PDF A4', '/api/posters/pst-1/poster.pdf?size=A4&download=1', 'willcall-poster-7KQ-A4.pdf'],
      ['PDF A6', '/api/posters/pst-1/poster.pdf?size=A6&download=1', 'willcall-poster-7KQ-A6.pdf'],
      ['QR code PNG', '/api/posters/pst-1/code.png?download=1', 'willcall-poster-7KQ.png'],
      ['QR code SVG', '/api/posters/pst-1/code.svg?download=1', 'willcall-poster-7KQ.svg'],
    ]);
  });

  test('that cannot be drawn can be asked for again', async () => {
    const { user } = show();
    fireEvent.error(await screen.findByRole('img', { name: /as it is printed/ }));
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Try again' }));
    expect(screen.getByRole('img', { name: /as it is printed/ })).toBeDefined();
  });

  test.each([
    ['starting', 'Being made', 'drawn as soon as Stripe has given it a link'],
    ['closing', 'Closing', 'nothing to print'],
    ['closed', 'Closed', 'nothing to print'],
    ['refused', 'No link', 'nothing to print'],
  ] as const)('%s: %s, and nothing to print or to close', async (state, word, instead) => {
    show(poster({ state }));
    expect(await screen.findByText(word)).toBeDefined();
    expect(screen.getByText(new RegExp(instead))).toBeDefined();
    expect(screen.queryByRole('link', { name: 'PDF A4' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Close the poster' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Training phone' })).toBeNull();
  });

  test('refused by Stripe: why', async () => {
    show(poster({ state: 'refused', problem: { code: 'stripe_key', detail: '', next: '' } }));
    expect(await screen.findByText('Stripe does not accept this till’s key.')).toBeDefined();
  });
});

describe('closing', () => {
  test('asks first, and leaving it is the safe button', async () => {
    const { user, till } = show();
    await user.click(await screen.findByRole('button', { name: 'Close the poster' }));
    const question = await screen.findByRole('alertdialog', { name: 'Close poster 7KQ?' });
    expect(question.textContent).toContain('pages that buyers have open are ended');
    expect(document.activeElement?.textContent).toBe('Let it sell');
    await user.keyboard('{Enter}');
    expect(till.posts('/api/posters/pst-1/close')).toEqual([]);
  });

  test('is under way until Stripe says that nobody can pay any more', async () => {
    const { user, till } = show();
    await user.click(await screen.findByRole('button', { name: 'Close the poster' }));
    await user.click(await screen.findByRole('button', { name: 'Close it' }));
    expect(await screen.findByText(/Somebody who was faster may still pay/)).toBeDefined();
    expect(till.posts('/api/posters/pst-1/close')).toHaveLength(1);
    act(() => void till.movePoster('pst-1', { state: 'closed' }));
    expect(await screen.findByText(/Nobody can pay by it any more/)).toBeDefined();
  });

  test('that gets no answer is told, and tried again', async () => {
    const till = new FakeTill();
    till.fail(/close$/, new Error('gone'));
    const { user } = show(poster(), till);
    await user.click(await screen.findByRole('button', { name: 'Close the poster' }));
    await user.click(await screen.findByRole('button', { name: 'Close it' }));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(till.posts('/api/posters/pst-1/close')).toHaveLength(2));
  });
});

describe('who arrived by it', () => {
  test('code, name, last four digits, and the way to the sale; nobody else’s', async () => {
    const till = new FakeTill();
    till.orders = [arrival(1, 'Ada Lovelace'), order({ id: 'ord-9', code: 'TILL99' }), arrival(2, 'Grace Hopper')];
    show(poster(), till);
    const list = await screen.findByRole('list', { name: 'Sales by this poster, newest first' });
    const links = within(list).getAllByRole('link');
    expect(links).toHaveLength(2);
    for (const words of ['WALL1', 'Ada Lovelace', 'Visa ••1111']) expect(links[0]?.textContent).toContain(words);
    expect(links[0]?.getAttribute('href')).toBe('#/sales/ord-1');
  });

  test('arrives live, and the bar moves with it', async () => {
    const { till } = show(poster({ arrived: 0 }));
    expect(await screen.findByText('Nobody has bought by it yet.')).toBeDefined();
    act(() => {
      till.orders = [arrival(1, 'Ada Lovelace')];
      till.posters = [poster({ arrived: 1 })];
      till.carrier.say('change', { number: 12, kind: 'order', id: 'ord-1' });
    });
    expect(await screen.findByRole('link', { name: /WALL1/ })).toBeDefined();
    expect(await screen.findByText('1 of 20 seats sold')).toBeDefined();
  });

  test('the desk finds a buyer among many', async () => {
    const till = new FakeTill();
    till.orders = [arrival(1, 'Ada Lovelace'), arrival(2, 'Grace Hopper')];
    const { user } = show(poster(), till);
    await screen.findByRole('link', { name: /WALL1/ });
    await user.type(screen.getByRole('searchbox', { name: /Find a buyer/ }), 'Grace');
    await waitFor(() => expect(screen.queryByRole('link', { name: /WALL1/ })).toBeNull());
    expect(screen.getByRole('link', { name: /WALL2/ })).toBeDefined();
    expect(till.seen.at(-1)?.query.get('poster')).toBe('pst-1');
    await user.type(screen.getByRole('searchbox'), 'x');
    expect(await screen.findByText('No buyer fits.')).toBeDefined();
  });

  test('a page at a time', async () => {
    const till = new FakeTill();
    till.pageSize = 2;
    till.orders = [1, 2, 3].map((n) => arrival(n, `Buyer ${n}`));
    const { user } = show(poster(), till);
    await user.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByRole('link', { name: /WALL3/ })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });
});

test('in training the buyer’s phone comes and goes', async () => {
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Training phone' }));
  expect(screen.getByText('phone at /training/phone/c/link/plink_1')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Put the phone away' }));
  expect(screen.queryByText(/^phone at/)).toBeNull();
});

test('in earnest there is no phone to play with', async () => {
  const live = poster();
  delete live.trainingPhone;
  show(live);
  await screen.findByRole('button', { name: 'Close the poster' });
  expect(screen.queryByRole('button', { name: 'Training phone' })).toBeNull();
});

test('a poster that is none: said, with the way back', async () => {
  const till = new FakeTill();
  const onBack = vi.fn();
  const { user } = renderScreen(<PosterScreen id="pst-9" phone={() => null} onBack={onBack} />, till);
  await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Close' }));
  expect(onBack).toHaveBeenCalledOnce();
});
