import { screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Order } from '~/api/types';
import { euro, noon, order, paidOrder, ticket } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { dispute, refund } from '~/testkit/lateBuilders';
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

  test('a code too many that paid the order after all: nobody reads that it was another, or that Stripe ended what paid', async () => {
    const kinds = ['code.close_asked', 'tender.paid', 'code.closed'] as const;
    show(paidOrder({ timeline: kinds.map((kind, at) => ({ number: at, at: noon, kind })) }));
    const story = (await screen.findByRole('heading', { name: 'What happened' })).parentElement!;
    expect(story.textContent).toMatch(/A code of this order is one too many, Stripe asked to end it.*Paid, says Stripe.*That code is over: ended, or its buyer was faster/);
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

describe('what became of the money', () => {
  const money = async () => within(await screen.findByRole('region', { name: 'The money' }));
  const texts = (items: HTMLElement[]) => items.map((item) => item.textContent);

  test('all of it stayed: there is nothing to tell', async () => {
    show(paidOrder());
    await screen.findByRole('heading', { name: 'What was sold' });
    expect(screen.queryByRole('region', { name: 'The money' })).toBeNull();
  });

  test('paid, refunded, held back and left, in one line', async () => {
    show(paidOrder({ refunded: 1200, disputed: 2400, refundable: 1200, refunds: [refund({ amount: euro(1200) })], disputes: [dispute()] }));
    const shown = await money();
    const figures = [...shown.getAllByRole('term')].map((term) => `${term.textContent} ${term.nextElementSibling?.textContent}`);
    expect(figures).toEqual(['Paid €48.00', 'Refunded €12.00', 'Held back by the bank €24.00', 'Left €12.00']);
  });

  test('a refund that Stripe has not answered is not said to have gone back', async () => {
    show(paidOrder({ refunded: 4800, refundable: 0, refunds: [refund({ status: 'asked' })] }));
    expect((await money()).getByText('Refunded or asked for')).toBeDefined();
    expect(screen.getByText(/^A refund is asked for, and Stripe has not answered yet/)).toBeDefined();
    expect(screen.queryByText(/went back/)).toBeNull();
  });

  test.each([
    ['asked', 'Asked for; Stripe has not answered yet'],
    ['pending', 'On its way to the buyer'],
    ['succeeded', 'Sent; the bank shows it in 5 to 10 working days'],
    ['failed', 'Came back; the buyer has not got it'],
    ['canceled', 'Stopped; the buyer has not got it'],
    ['refused', 'Refused by Stripe; no money moved'],
  ] as const)('a refund that is %s, in words', async (status, words) => {
    show(paidOrder({ refunds: [refund({ status })] }));
    const [row] = (await money()).getAllByRole('listitem');
    expect(row?.textContent).toContain(words);
  });

  test('of a refund who, why, what for, and why it came to nothing', async () => {
    show(
      paidOrder({
        refunds: [
          refund({ note: 'Fell ill', ticketIds: ['tkt-1'] }),
          refund({ id: 're_2', external: true, status: 'failed', failure: 'expired_or_canceled_card', answered: true }),
          refund({ id: 'rfd-3', status: 'refused', problem: { code: 'stripe_refused', detail: 'The charge is disputed.', next: '' } }),
        ],
      }),
    );
    const [made, back, refused] = texts((await money()).getAllByRole('listitem'));
    expect(made).toMatch(/by Ada, for 1 ticket/);
    expect(made).toContain('Fell ill');
    expect(back).toContain('made in Stripe’s Dashboard');
    expect(back).toContain('Stripe says: expired or canceled card');
    expect(refused).toContain('The charge is disputed.');
  });

  test('a dispute says until when it is to be answered, and where', async () => {
    show(paidOrder({ disputed: 4800, disputes: [dispute(), dispute({ id: 'dp_2', status: 'lost' }), dispute({ id: 'dp_3', status: 'won' })] }));
    const [open, lost, won] = texts((await money()).getAllByRole('listitem'));
    expect(open).toContain('The buyer’s bank wants the money back and holds it.');
    expect(open).toContain('Reason: product not received');
    expect(open).toMatch(/Answer it in Stripe’s Dashboard by .*(30 Nov|1 Dec)/);
    expect(lost).toContain('Lost: the money is the buyer’s.');
    expect(won).toContain('Won: the money is yours again.');
    expect(`${lost} ${won}`).not.toContain('Answer it');
  });

  test('void tickets have no code any more', async () => {
    show(paidOrder({ tickets: [ticket({ void: true }), ticket({ id: 'tkt-2', number: 2 })] }));
    expect(await screen.findByText('Void: admits nobody')).toBeDefined();
    expect(screen.getAllByRole('img', { name: /^QR code of ticket/ })).toHaveLength(1);
    expect(screen.getByRole('img', { name: 'QR code of ticket 2 of 2' })).toBeDefined();
  });

  test('the story tells of refunds, disputes and void tickets, with who and how many', async () => {
    show(
      paidOrder({
        timeline: [
          { number: 11, at: noon, kind: 'refund.asked', amount: euro(2400), by: 'Ada', note: 'Fell ill', tickets: 1 },
          { number: 12, at: noon, kind: 'refund.recorded', amount: euro(2400), status: 'pending' },
          { number: 13, at: noon, kind: 'tickets.voided', tickets: 1 },
          { number: 14, at: noon, kind: 'refund.recorded', amount: euro(2400), status: 'failed', detail: 'lost_or_stolen_card' },
          { number: 15, at: noon, kind: 'refund.refused', detail: 'No.' },
          { number: 16, at: noon, kind: 'dispute.recorded', amount: euro(4800), status: 'needs_response', detail: 'fraudulent' },
          { number: 17, at: noon, kind: 'discrepancy.found', amount: euro(4800), detail: 'paid_twice' },
          { number: 18, at: noon, kind: 'discrepancy.resolved', by: 'Bo', detail: 'keep', note: 'A gift' },
        ],
      }),
    );
    const story = within((await screen.findByRole('heading', { name: 'What happened' })).parentElement!);
    const told = story.getAllByRole('listitem').map((entry) => entry.textContent.replace(/^.*?\d\d:\d\d:\d\d/, ''));
    expect(told).toEqual([
      'Refund asked for€24.00by Adafor 1 ticketFell ill',
      'Refund on its way, says Stripe€24.00',
      'Tickets void, seats free againfor 1 ticket',
      'Refund came back, says Stripe€24.00Stripe says: lost or stolen card',
      'Stripe refused the refund, no money movedNo.',
      'Dispute, says Stripe€48.00The buyer’s bank wants the money back and holds it.Reason: fraudulent',
      'Money found that does not fit this order€48.00Paid twice',
      'Kept by BoA gift',
    ]);
  });
});
