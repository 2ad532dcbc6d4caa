import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeTill } from '~/testkit/fakeTill';
import { lateMoney } from '~/testkit/lateBuilders';
import { openLate } from '~/testkit/openLate';

const refundPosts = (till: FakeTill) => till.posts('/api/late-money/dsc-1/refund');

describe('giving it back', () => {
  test('says how much, to which card and that it takes days; a double tap gives it back once', async () => {
    const { user, dialog, named, sign, till } = await openLate('Refund', lateMoney());
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
    const { user, dialog, named, sign } = await openLate('Refund', lateMoney(), till);
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
    const { user, dialog, named, sign } = await openLate('Refund', lateMoney(), till);
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
    const { user, named, sign } = await openLate('Refund', lateMoney(), till);
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
    const { user, dialog, named, sign } = await openLate('Refund', lateMoney(), till);
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
    const { user, named, sign } = await openLate('Refund', lateMoney({ reason: 'refund_failed' }), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    const done = await screen.findByRole('dialog', { name: '€48.00 goes back' });
    expect(done.textContent).toContain('The refund is asked for and will be sent.');
    expect(done.textContent).not.toContain('5 to 10 working days');
  });

  test('the answer comes after the refund has come back: nobody is told to wait for it', async () => {
    const till = new FakeTill();
    till.returns.refundStatus = 'failed';
    const { user, named, sign } = await openLate('Refund', lateMoney(), till);
    await sign();
    await user.click(named('Give €48.00 back'));
    const done = await screen.findByRole('dialog', { name: 'The refund came back' });
    expect(done.textContent).toContain('The buyer has not got the money.');
    expect(done.textContent).not.toContain('5 to 10 working days');
  });

  test('an answer that is owed outlives the dialog', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, new Error('gone'));
    const { user, named, sign } = await openLate('Refund', lateMoney(), till);
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

  test('it outlives a reload too, with the sum that was asked for', async () => {
    const till = new FakeTill();
    till.fail(/\/refund$/, new Error('gone'));
    const before = await openLate('Refund', lateMoney(), till);
    await before.sign();
    await before.user.click(before.named('Give €48.00 back'));
    await screen.findByRole('alert');
    before.unmount();
    const { user, named } = await openLate('Refund', lateMoney({ left: 1800 }), till);
    expect(named('Give €48.00 back')).toBeDefined();
    await user.click(named('Try again'));
    await screen.findByRole('dialog', { name: '€48.00 goes back' });
    const [first, second] = refundPosts(till);
    expect(second?.key).toBe(first?.key);
    expect(second?.body).toEqual(first?.body);
  });

  test('only what is left goes back; without a card it goes the way it came', async () => {
    const money = lateMoney({ left: 1800 });
    delete money.card;
    const { dialog, named } = await openLate('Refund', money);
    expect(dialog.textContent).toContain('€18.00 goes back the way it was paid.');
    expect(named('Give €18.00 back')).toBeDefined();
  });
});

describe('keeping it, and who does it', () => {
  test('needs a name, which stays in this browser', async () => {
    const { user, dialog, named, till, unmount } = await openLate('Keep it', lateMoney());
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

    const again = await openLate('Keep it', lateMoney());
    expect(within(again.dialog).getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('Ada');
  });

  test('a refund that came back, and went back in another way since: nothing is kept, it is noted', async () => {
    const { user, dialog, named, sign, till } = await openLate('Note as settled', lateMoney({ reason: 'refund_failed', left: 0, actions: ['keep'] }));
    expect(within(dialog).getByRole('heading', { name: 'Note this as settled?' })).toBeDefined();
    expect(dialog.textContent).toContain('No money moves.');
    expect(dialog.textContent).not.toMatch(/€|keep|stays on the Stripe account|donation/i);
    await sign();
    await user.click(named('Note as settled'));
    expect((await screen.findByRole('dialog', { name: 'Noted as settled' })).textContent).toContain('It stands under Done, with your name.');
    expect(till.posts('/api/late-money/dsc-1/keep')[0]?.body).toEqual({ by: 'Ada', note: '', left: 0 });
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await user.click(screen.getByRole('tab', { name: 'Done' }));
    expect((await screen.findByRole('article')).textContent).toContain('Noted as settled by Ada');
  });

  test('what was noted as nothing is not kept, if it is here again meanwhile: the desk shows it anew', async () => {
    const till = new FakeTill();
    const came = lateMoney({ reason: 'refund_failed', left: 0, actions: ['keep'] });
    const { user, dialog, named, sign } = await openLate('Note as settled', came, till);
    till.returns.items = [{ ...came, left: 4800, actions: ['refund', 'keep'] }];
    await sign();
    await user.click(named('Note as settled'));
    const card = await within(dialog).findByRole('alert');
    expect(card.textContent).toContain('Something else is left of this money by now.');
    await user.click(within(card).getAllByRole('button')[0]!);
    expect(await screen.findByRole('button', { name: 'Keep it' })).toBeDefined();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(till.returns.items[0]?.resolution).toBeUndefined();
  });

  test('somebody was faster: what they did counts', async () => {
    const till = new FakeTill();
    till.fail(/\/keep$/, { status: 409, code: 'already_resolved' });
    const { user, dialog, named, sign } = await openLate('Keep it', lateMoney(), till);
    await sign();
    await user.click(named('Keep €48.00'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Somebody has dealt with this already.');
  });

  test('Escape leaves everything as it is', async () => {
    const { user, till } = await openLate('Keep it', lateMoney());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(till.seen.filter(({ method }) => method === 'POST')).toEqual([]);
    expect(screen.getByRole('button', { name: 'Keep it' })).toBeDefined();
  });
});
