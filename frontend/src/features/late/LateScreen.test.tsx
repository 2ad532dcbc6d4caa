import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { LateMoney, Question } from '~/api/types';
import { euro, noon } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { dispute, lateMoney, question, refund } from '~/testkit/lateBuilders';
import { renderApp, renderScreen } from '~/testkit/renderTill';
import { LateScreen } from './LateScreen';

function desk(items: LateMoney[], questions: Question[] = [], till = new FakeTill()) {
  till.returns.items = items;
  till.returns.questions = questions;
  const answer = (asked: Question) => <p role="dialog">{`asked about ${asked.refund.id}`}</p>;
  return renderScreen(<LateScreen answer={answer} />, till);
}

const cards = () => screen.findAllByRole('article');

describe('what waits', () => {
  test('how much, why, whose, for what, and its story', async () => {
    desk([lateMoney()]);
    const [card] = await cards();
    for (const words of [
      '€48.00',
      'Paid after its seats were sold',
      'The buyer has paid and has no ticket.',
      '2 × Adult',
      'Grace Hopper, grace@example.com',
      'Visa ••4242',
      'These seats are gone.',
      'Money found that does not fit this order',
      'pi_late',
    ]) {
      expect(card?.textContent).toContain(words);
    }
    expect(within(card!).getByRole('link', { name: 'K7QF3M' }).getAttribute('href')).toBe('#/sales/ord-1');
    expect(within(card!).getAllByRole('button').map((button) => button.textContent)).toEqual(['Give seats', 'Refund', 'Keep it']);
    expect(screen.getByRole('tab', { name: 'Waiting: 1' })).toBeDefined();
  });

  test.each<[Partial<LateMoney>, string]>([
    [{ reason: 'paid_twice' }, 'Paid twice'],
    [{ reason: 'unknown_order' }, 'Nobody here knows this order'],
    [{ reason: 'wrong_amount', amount: euro(500), expected: euro(2400) }, 'Paid €5.00 instead of €24.00'],
    [{ reason: 'wrong_currency', amount: { minor: 2400, currency: 'usd' }, expected: euro(2400) }, 'Paid US$24.00 instead of €24.00'],
    [{ reason: 'refund_failed' }, 'A refund came back'],
    [{ reason: 'wrong_mode' }, 'Play money in a book of real money, or the reverse'],
  ])('says the reason as a sentence: %o', async (change, sentence) => {
    desk([lateMoney(change)]);
    expect((await screen.findByRole('heading', { level: 2 })).textContent).toContain(sentence);
  });

  test('offers what the till says can be done, and nothing else', async () => {
    desk([lateMoney({ reason: 'wrong_mode', actions: ['keep'] }), lateMoney({ id: 'dsc-2', reason: 'refund_failed', actions: ['refund', 'keep'] })]);
    const shown = (await cards()).map((card) => within(card).getAllByRole('button').map((button) => button.textContent));
    expect(shown).toEqual([['Keep it'], ['Refund', 'Keep it']]);
  });

  test('what fits the reason comes first: money that came twice goes back', async () => {
    desk([lateMoney({ reason: 'paid_twice', room: true })]);
    const buttons = within((await cards())[0]!).getAllByRole('button');
    expect(buttons.map((button) => button.textContent)).toEqual(['Refund', 'Give seats', 'Keep it']);
    expect(buttons.map((button) => button.dataset.look), 'and stands out').toEqual(['primary', 'plain', 'plain']);
  });

  test('a refund that came back whose order’s money went back since: nothing is here to keep', async () => {
    desk([lateMoney({ reason: 'refund_failed', left: 0, actions: ['keep'] })]);
    const [card] = await cards();
    expect(card?.textContent).toContain('Nothing of it is left here any more');
    expect(card?.textContent).not.toContain('the money is here again');
    expect(within(card!).getAllByRole('button').map((button) => button.textContent)).toEqual(['Note as settled']);
  });

  test('while Stripe has not answered another refund of it, it waits and nothing can be decided; then it can', async () => {
    const came = lateMoney({ reason: 'refund_failed', left: 1800, actions: [] });
    const { till } = desk([came]);
    const [card] = await cards();
    expect(card?.textContent).toContain('Stripe has not answered yet');
    expect(card?.textContent).not.toMatch(/It went back|still here|is here again|Nothing of it is left/);
    expect(card?.dataset.over, 'it is not over').toBeUndefined();
    expect(within(card!).queryByRole('button')).toBeNull();
    expect(within(card!).getByRole('link', { name: 'K7QF3M' }).getAttribute('href')).toBe('#/sales/ord-1');
    till.returns.items = [{ ...came, left: 4800, actions: ['refund', 'keep'] }];
    act(() => till.carrier.say('change', { number: 12, kind: 'order', id: 'ord-1' }));
    await screen.findByRole('button', { name: 'Keep it' });
    expect((await cards())[0]?.textContent).toContain('the money is here again');
  });

  test('what is left where a part went back already', async () => {
    desk([lateMoney({ left: 1800 })]);
    expect((await cards())[0]?.textContent).toContain('€18.00 of it is still here.');
  });

  test('before the till has answered, nobody says that nothing waits', async () => {
    const till = new FakeTill();
    const release = till.hold();
    desk([], [], till);
    expect(screen.getByRole('heading', { name: 'Late money' })).toBeDefined();
    expect(screen.queryByText(/Nothing waits/)).toBeNull();
    release();
    expect(await screen.findByText('Nothing waits. All money has its place.')).toBeDefined();
    expect(screen.getByRole('tab', { name: 'Waiting' })).toBeDefined();
  });

  test('a till that fails is said, and asked again', async () => {
    const till = new FakeTill();
    for (let n = 0; n < 20; n++) till.fail(/GET \/api\/late-money/, { status: 422, code: 'book_locked' });
    const { user } = desk([lateMoney()], [], till);
    expect((await screen.findByRole('alert')).textContent).toContain('Another Willcall has this book open.');
    till.behave();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await cards()).toHaveLength(1);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('comes by itself, and more is fetched when it is asked for', async () => {
    const { till, user } = desk([]);
    await screen.findByText('Nothing waits. All money has its place.');
    till.returns.pageSize = 2;
    till.returns.items = [1, 2, 3].map((n) => lateMoney({ id: `dsc-${n}` }));
    act(() => till.carrier.say('change', { number: 12, kind: 'discrepancy' }));
    await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(2));
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(3));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
    expect(screen.getByRole('tab', { name: 'Waiting: 3' })).toBeDefined();
  });
});

describe('the other parts', () => {
  const settled = (change: Partial<LateMoney>) => lateMoney({ actions: [], ...change });

  test('what is settled tells who, when, why and where it went', async () => {
    const { user } = desk([
      settled({ id: 'a', resolution: { action: 'seat', by: 'Ada', at: noon, orderId: 'ord-9', orderCode: 'LATE22' } }),
      settled({ id: 'b', resolution: { action: 'keep', by: 'Bo', at: noon, note: 'Said it is a gift' } }),
      settled({ id: 'c', left: 0 }),
    ]);
    await user.click(await screen.findByRole('tab', { name: 'Done' }));
    const [seated, kept, gone] = await cards();
    expect(seated?.textContent).toContain('Seats given by Ada');
    expect(within(seated!).getByRole('link', { name: 'Order LATE22' }).getAttribute('href')).toBe('#/sales/ord-9');
    expect(kept?.textContent).toContain('Kept by Bo');
    expect(kept?.textContent).toContain('Said it is a gift');
    expect(gone?.textContent).toContain('It went back to the buyer at Stripe');
    expect(screen.queryByRole('button', { name: /Give|Refund|Keep/ })).toBeNull();
  });

  test.each<[string, LateMoney['left'], number | undefined]>([
    ['Noted as settled by Bo', 4800, 0],
    ['Kept by Bo', 0, 4800],
    ['Settled by Bo', 0, undefined],
    ['Settled by Bo', 4800, undefined],
  ])('a refund that came back: "%s" is what was decided, whatever is left now (%i)', async (words, left, then) => {
    const resolution = { action: 'keep', by: 'Bo', at: noon, ...(then === undefined ? {} : { left: then }) } as const;
    const { user } = desk([settled({ reason: 'refund_failed', left, resolution })]);
    await user.click(await screen.findByRole('tab', { name: 'Done' }));
    expect((await cards())[0]?.textContent).toContain(words);
  });

  test('the story says of what was noted that it was noted', async () => {
    desk([lateMoney({ story: [{ number: 13, at: noon, kind: 'discrepancy.resolved', detail: 'noted', by: 'Bo' }] })]);
    expect((await cards())[0]?.textContent).toContain('Noted as settled by Bo');
  });

  test('money that a bank took did not go back to the buyer; by when to answer is said', async () => {
    const { user } = desk([
      settled({ id: 'a', left: 0, disputes: [dispute()] }),
      settled({ id: 'b', left: 0, disputes: [dispute({ status: 'lost' })] }),
      settled({ id: 'c', left: 0, disputes: [dispute({ status: 'won', reinstated: 4800 })], refunds: [refund({ amount: euro(4800) })] }),
    ]);
    await user.click(await screen.findByRole('tab', { name: 'Done' }));
    const [held, lost, gone] = await cards();
    expect(held?.textContent).toContain('The buyer’s bank holds it');
    expect(held?.textContent).toMatch(/Answer it in Stripe’s Dashboard by .*\d/);
    expect(held?.textContent).not.toContain('It went back');
    expect(lost?.textContent).toContain('Lost to the buyer’s bank');
    expect(lost?.textContent).not.toContain('Answer it');
    expect(gone?.textContent).toContain('It went back to the buyer at Stripe');
  });

  test('what other programs sold is a list without anything to do, reached by keys', async () => {
    const { user } = desk([settled({ reason: 'elsewhere' })]);
    await user.click(await screen.findByRole('tab', { name: 'Waiting' }));
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(await screen.findByText(/Other programs sold this on the same Stripe account/)).toBeDefined();
    const list = await screen.findByRole('list', { name: 'Money of other programs' });
    expect(list.textContent).toContain('€48.00');
    expect(list.textContent).toContain('Visa ••4242');
    expect(within(list).queryByRole('button')).toBeNull();
  });

  test('empty parts say so', async () => {
    const { user } = desk([]);
    await user.click(await screen.findByRole('tab', { name: 'Done' }));
    expect(await screen.findByText('Nothing was settled here yet.')).toBeDefined();
    await user.click(screen.getByRole('tab', { name: 'Sold elsewhere' }));
    expect(await screen.findByText('No other program sells on this Stripe account.')).toBeDefined();
  });
});

test('after a decision whose card goes away, the focus is on the desk’s heading', async () => {
  const { user } = desk([lateMoney()]);
  (await screen.findByRole('button', { name: 'Keep it' })).focus();
  await user.keyboard('{Enter}');
  await user.type(within(await screen.findByRole('dialog')).getByRole('textbox', { name: 'Your name' }), 'Ada');
  screen.getByRole('button', { name: 'Keep €48.00' }).focus();
  await user.keyboard('{Enter}');
  const done = await screen.findByRole('button', { name: 'Done' });
  await screen.findByText('Nothing waits. All money has its place.');
  await user.click(done);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Late money' })));
});

describe('questions', () => {
  test('stand above what waits, and are asked', async () => {
    const { user } = desk([], [question()]);
    const box = await screen.findByRole('region', { name: 'Which tickets?' });
    expect(box.textContent).toContain('€12.00 was refunded in Stripe’s Dashboard for order K7QF3M. Which tickets was it for?');
    expect(screen.queryByText(/Nothing waits/)).toBeNull();
    await user.click(within(box).getByRole('button', { name: 'Say which tickets' }));
    expect(screen.getByRole('dialog').textContent).toBe('asked about re_9');
  });

  test('from the desk to void tickets, in the whole program', async () => {
    const till = new FakeTill();
    const { paidOrder } = await import('~/testkit/builders');
    till.orders = [paidOrder({ refunds: [question().refund] })];
    till.returns.questions = [question()];
    const { user } = renderApp('/late', till);
    expect(await screen.findAllByRole('link', { name: 'Late money , 1 waits' }, { timeout: 5_000 })).toHaveLength(2);
    await user.click(await screen.findByRole('button', { name: 'Say which tickets' }, { timeout: 5_000 }));
    const dialog = await screen.findByRole('dialog', { name: 'Which tickets was it for?' });
    await user.click(within(dialog).getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }));
    await user.type(within(dialog).getByRole('textbox', { name: 'Your name' }), 'Ada');
    await user.click(within(dialog).getByRole('button', { name: 'Make 1 ticket void' }));
    expect(await screen.findByRole('dialog', { name: '1 ticket is void' })).toBeDefined();
    expect(till.posts('/api/orders/ord-1/void').map(({ body }) => body)).toEqual([
      { refundId: 're_9', ticketIds: ['tkt-1'], by: 'Ada', note: '' },
    ]);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(await screen.findByText('Nothing waits. All money has its place.')).toBeDefined();
    await waitFor(() => expect(screen.queryByRole('link', { name: /Late money , 1/ })).toBeNull());
  });
});
