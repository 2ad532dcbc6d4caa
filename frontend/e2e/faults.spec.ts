import { expect, test } from './till';

const sessions = { method: 'POST', path: '/v1/checkout/sessions' } as const;

test('Stripe does not answer: the seats are kept, Willcall asks again by itself, the code appears', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  await till.program.faults({ ...sessions, kind: 'drop_before', times: 6 });
  await till.pay.click();
  await expect(page.getByRole('main')).toContainText('Stripe has not answered yet');
  await expect(page.getByRole('main')).toContainText('The seats are kept');
  await till.program.faults();
  await expect(till.code).toBeVisible({ timeout: 20_000 });
  expect((await till.orders()).orders).toHaveLength(1);
  expect(await till.seatsLeft('Adult')).toBe(119);
});

test('Stripe refuses: nothing sold, seats free, the way on', async ({ till, page }) => {
  await till.open();
  await till.take('Adult', 2);
  await till.program.faults({ ...sessions, kind: 'status', status: 403 });
  await till.pay.click();
  await expect(page.getByRole('main')).toContainText('This till’s key may not do that at Stripe.');
  expect(await till.seatsLeft('Adult')).toBe(120);
});

test('the till goes away mid-sale and comes back: unmistakable, and the code is paid in the end', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  const order = await till.makeCode();
  await till.program.kill();
  await expect(page.getByRole('alert').filter({ hasText: 'Willcall is not answering' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Till offline' })).toBeVisible();

  await till.program.run();
  await expect(page.getByRole('alert'), 'it comes back by itself').toHaveCount(0);
  await page.reload();
  await till.buyerPays();
  await till.expectPaid();
  expect((await till.order(order.id)).status).toBe('paid');
});

test('Pay while the till is away: a card with what it means and a second try that sells once', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  await till.program.kill();
  await till.pay.click();
  const card = page.getByRole('alert').filter({ hasText: 'Willcall did not answer' });
  await expect(card).toContainText('never sells twice');
  await till.program.run();
  await card.getByRole('button', { name: 'Try again' }).click();
  await expect(till.code).toBeVisible();
  expect((await till.orders()).orders).toHaveLength(1);
});

test('an unknown order and an unknown screen are no dead ends', async ({ till, page }) => {
  await till.open();
  await page.goto(`${till.program.url}#/sales/ord-nothere`);
  await expect(page.getByRole('alert')).toContainText('There is no such order');
  await page.goto(`${till.program.url}#/nowhere`);
  await page.getByRole('button', { name: 'Go to Sell' }).click();
  await expect(till.tile('Adult')).toBeVisible();
});
