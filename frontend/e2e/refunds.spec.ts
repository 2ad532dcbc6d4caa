/** Refunds and disputes on an order, against the real program: made at the till, made in the Dashboard, and gone wrong. */
import { drill, look, pictures, sell, sign, visit } from './money';
import { expect, test } from './till';

test('a ticket, an amount, the rest: what goes back, what is void, what is free again', async ({ till, page }) => {
  test.slow();
  await till.open();
  const order = await sell(till, 'Adult', 3);
  const before = await till.seatsLeft('Adult');
  await visit(till, `sales/${order.id}`);
  await page.getByRole('button', { name: 'Refund' }).click();
  let dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await expect(dialog).toContainText('€72.00 goes back. 3 tickets become void');
  await pictures(page, '51-refund-whole');
  await dialog.getByRole('radio', { name: 'Some tickets' }).click();
  await dialog.getByRole('checkbox', { name: 'Ticket 2 of 3: Adult' }).press('Space');
  await sign(dialog);
  await pictures(page, '52-refund-tickets');
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('Fell ill');
  await dialog.getByRole('button', { name: 'Refund €24.00' }).dblclick();
  await expect(page.getByRole('dialog', { name: '€24.00 goes back' })).toBeVisible();
  await pictures(page, '53-refund-done');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Void: admits nobody')).toHaveCount(1);
  expect(await till.seatsLeft('Adult')).toBe(before + 1);

  await page.getByRole('button', { name: 'Refund' }).click();
  dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await dialog.getByRole('radio', { name: 'An amount' }).click();
  await dialog.getByRole('textbox', { name: /^Amount/ }).fill('48,01');
  await expect(dialog).toContainText('Only €48.00 is left to give back.');
  await dialog.getByRole('textbox', { name: /^Amount/ }).fill('8');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: '€8.00 goes back' })).toContainText('No ticket becomes void by it.');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('region', { name: 'The money' })).toContainText('€40.00');
  await pictures(page, '54-order-partly');

  await visit(till, 'sales');
  await expect(page.getByRole('link', { name: new RegExp(order.code) })).toContainText('€32.00 back');
  await pictures(page, '55-sales-partly');
  await page.getByRole('link', { name: new RegExp(order.code) }).click();
  await page.getByRole('button', { name: 'Refund' }).click();
  await page.getByRole('button', { name: 'Refund €40.00' }).click();
  await expect(page.getByRole('dialog', { name: '€40.00 goes back' })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Void: admits nobody')).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Refund' })).toHaveCount(0);
  expect(await till.seatsLeft('Adult')).toBe(before + 3);
  const { refunds, refunded, status } = await till.order(order.id);
  expect([refunds.length, refunded, status], 'no double tap gave anything back twice').toEqual([3, 7200, 'refunded']);
  await pictures(page, '56-order-refunded');
  await visit(till, 'sales');
  await page.getByRole('radio', { name: 'Refunded' }).click();
  await expect(page.getByRole('link', { name: new RegExp(order.code) })).toContainText('Refunded');
});

test('all of it refunded in the Dashboard: the tickets are void without a question', async ({ till, page }) => {
  await till.open();
  const order = await sell(till, 'Child', 2);
  await visit(till, `sales/${order.id}`);
  await expect(page.getByRole('img', { name: /^QR code of ticket/ })).toHaveCount(2);
  await drill(till, 'refund_in_dashboard');
  await expect(page.getByText('Void: admits nobody')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'The money' })).toContainText('made in Stripe’s Dashboard');
  await expect(page.getByRole('button', { name: 'Say which tickets' })).toHaveCount(0);

  await drill(till, 'refund_fails_later');
  await expect(page.getByRole('region', { name: 'The money' })).toContainText('Came back; the buyer has not got it');
  await page.getByRole('link', { name: /^Late money.*1 waits/ }).first().click();
  await expect(page.getByRole('article')).toContainText('A refund came back');
  await expect(page.getByRole('article').getByRole('button')).toHaveText(['Refund', 'Keep it']);
  await pictures(page, '57-late-came-back');

  await visit(till, `sales/${order.id}`);
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await sign(dialog);
  await dialog.getByRole('button', { name: 'Refund €18.00' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await visit(till, 'late');
  await expect(page.getByRole('article')).toContainText('Nothing of it is left here any more');
  await expect(page.getByRole('article').getByRole('button')).toHaveText(['Note as settled']);
  await pictures(page, '57-late-came-back-settled');
  await page.getByRole('button', { name: 'Note as settled' }).click();
  await pictures(page, '57-late-note');
  await page.getByRole('dialog').getByRole('button', { name: 'Note as settled' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Nothing waits. All money has its place.')).toBeVisible();
});

test('a dispute says what the bank holds, until when it is to be answered, and how it ended', async ({ till, page }) => {
  await till.open();
  const order = await sell(till, 'Adult', 1);
  await visit(till, `sales/${order.id}`);
  await drill(till, 'dispute_opened');
  const money = page.getByRole('region', { name: 'The money' });
  await expect(money).toContainText('The buyer’s bank wants the money back and holds it.');
  await expect(money).toContainText(/Answer it in Stripe’s Dashboard by .*\d/);
  await expect(page.getByRole('button', { name: 'Refund' }), 'nothing is here to give back').toHaveCount(0);
  await pictures(page, '58-order-disputed');
  await visit(till, 'sales');
  await expect(page.getByRole('link', { name: new RegExp(order.code) })).toContainText('Disputed');
  await drill(till, 'dispute_won');
  await visit(till, `sales/${order.id}`);
  await expect(money).toContainText('Won: the money is yours again.');
  await expect(money).not.toContainText('Answer it');
});

test('the answer is lost and the page reloaded: the same refund is asked for again, and the money goes back once', async ({ till, page }) => {
  await till.open();
  const order = await sell(till, 'Adult', 1);
  await visit(till, `sales/${order.id}`);
  await page.route('**/refund', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await dialog.getByRole('radio', { name: 'An amount' }).click();
  await dialog.getByRole('textbox', { name: /^Amount/ }).fill('5');
  await sign(dialog);
  await dialog.getByRole('button', { name: 'Refund €5.00' }).click();
  await expect(dialog.getByRole('alert')).toContainText('It may be in the book already.');
  await page.reload();
  await page.getByRole('button', { name: 'Refund' }).click();
  await expect(dialog.getByRole('alert')).toContainText('It may be in the book already.');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('dialog', { name: '€5.00 goes back' })).toBeVisible();
  expect((await till.order(order.id)).refunds).toHaveLength(1);
});

test('a ticket whose refund is under way is shown, and not offered again', async ({ till, page }) => {
  await till.open();
  const order = await sell(till, 'Adult', 2);
  await visit(till, `sales/${order.id}`);
  await till.program.faults({ method: 'POST', path: '/v1/refunds', kind: 'drop_before' });
  const refund = () => page.getByRole('button', { name: 'Refund' }).click();
  await refund();
  const dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await dialog.getByRole('radio', { name: 'Some tickets' }).click();
  await dialog.getByRole('checkbox', { name: 'Ticket 1 of 2: Adult' }).press('Space');
  await sign(dialog);
  await dialog.getByRole('button', { name: 'Refund €24.00' }).click();
  await page.getByRole('button', { name: 'Done' }).click({ timeout: 20_000 });
  await refund();
  await expect(dialog).toContainText('€24.00 goes back. 1 ticket becomes void');
  await dialog.getByRole('radio', { name: 'Some tickets' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Ticket 1 of 2: Adult (refund under way)' })).toBeDisabled();
  await pictures(page, '53-refund-under-way');
  await till.program.faults();
});

test('Stripe is away: the refund is in the book, and made once when it answers', async ({ till, page }) => {
  test.slow();
  await till.open();
  const order = await sell(till, 'Adult', 1);
  await visit(till, `sales/${order.id}`);
  await till.program.faults({ method: 'POST', path: '/v1/refunds', kind: 'drop_before' });
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await sign(dialog);
  await dialog.getByRole('button', { name: 'Refund €24.00' }).click();
  await expect(page.getByRole('dialog', { name: '€24.00 goes back' })).toContainText('Stripe has not answered yet', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Asked for; Stripe has not answered yet')).toBeVisible();
  await till.program.faults();
  await look(till);
  await expect(page.getByText('Void: admits nobody')).toHaveCount(1, { timeout: 30_000 });
  expect((await till.order(order.id)).refunds).toHaveLength(1);
});

test('a double tap: the money goes back once, and what happened stays to be read', async ({ till, page }) => {
  await till.open();
  const order = await sell(till, 'Adult', 2);
  await visit(till, `sales/${order.id}`);
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog', { name: `Refund order ${order.code}` });
  await sign(dialog);
  const button = (await dialog.getByRole('button', { name: 'Refund €48.00' }).boundingBox())!;
  await page.mouse.click(button.x + button.width - 20, button.y + button.height / 2);
  const outcome = page.getByRole('dialog', { name: '€48.00 goes back' });
  const done = (await outcome.getByRole('button', { name: 'Done' }).boundingBox())!;
  await page.mouse.move(done.x + done.width / 2, done.y + done.height / 2);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await page.waitForTimeout(500);
  await expect(outcome).toBeVisible();
  await outcome.getByRole('button', { name: 'Done' }).click();
  await expect(outcome).toBeHidden();
  expect((await till.order(order.id)).refunds).toHaveLength(1);
});
