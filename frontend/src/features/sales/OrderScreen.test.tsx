import { screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Order } from '~/api/types';
import { euro, noon, order, paidOrder } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { OrderScreen } from './OrderScreen';

function show(now: Order, id = now.id) {
  const till = new FakeTill();
  till.orders = [now];
  const onBack = vi.fn();
  const actions = (shown: Order) => <button>{`act on ${shown.code}`}</button>;
  return { ...renderScreen(<OrderScreen id={id} actions={actions} onBack={onBack} />, till), onBack };
}

const timeline: Order['timeline'] = [
  { number: 7, at: noon, kind: 'order.placed', amount: euro(4800) },
  { number: 8, at: noon, kind: 'tender.opened' },
  { number: 9, at: noon, kind: 'tender.failed', detail: 'insufficient_funds' },
  { number: 10, at: noon, kind: 'tender.paid', amount: euro(4800) },
];

describe('the story of an order', () => {
  test('what happened, in order, with amounts and what Stripe said', async () => {
    show(paidOrder({ timeline }));
    const story = within((await screen.findByRole('heading', { name: 'What happened' })).parentElement!);
    expect(story.getAllByRole('listitem').map((entry) => entry.textContent.replace(/^\d\d:\d\d:\d\d|^.*\d\d:\d\d:\d\d/, ''))).toEqual([
      'Order placed, seats held€48.00',
      'Ready to be paid',
      'The bank said no, seats free againinsufficient_funds',
      'Paid, says Stripe€48.00',
    ]);
  });

  test('what was sold, to whom, with which card, and the tickets', async () => {
    show(paidOrder({ buyerEmail: 'ada@example.com' }));
    expect(await screen.findByText('2 × Adult')).toBeDefined();
    expect(screen.getByText('ada@example.com')).toBeDefined();
    expect(screen.getByText('Visa ••4242')).toBeDefined();
    expect(screen.getAllByRole('img', { name: /^QR code of ticket/ })).toHaveLength(2);
    expect(screen.getAllByText('Sat 21 Nov, 19:30')).toHaveLength(2);
  });

  test('an open order has what can be done about it, and no tickets', async () => {
    show(order());
    expect(await screen.findByRole('button', { name: 'act on K7QF3M' })).toBeDefined();
    expect(screen.queryByRole('heading', { name: 'Tickets' })).toBeNull();
    expect(screen.getByText('Not known')).toBeDefined();
  });

  test('is found by its code too; Escape leads back', async () => {
    const { user, onBack } = show(order(), 'K7QF3M');
    expect(await screen.findByRole('heading', { level: 1 })).toBeDefined();
    await user.keyboard('{Escape}');
    expect(onBack).toHaveBeenCalledOnce();
  });

  test('an order that is not there is no dead end', async () => {
    const { user, onBack } = show(order(), 'ord-gone');
    expect((await screen.findByRole('alert')).textContent).toContain('There is no such order.');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(onBack).toHaveBeenCalledOnce();
  });
});
