import { pause } from './program';
import { expect, test } from './till';

test('two parked codes; the one that is paid comes to the front and is told', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  const first = await till.makeCode();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await pause(3_000); // what runs out first stands first, and Stripe's time is known to a second
  await till.take('Child');
  const second = await till.makeCode();
  const phonePage = second.tenders[0]?.trainingPhone ?? '';
  await page.keyboard.press('Escape');
  await expect(till.strip.getByRole('button')).toHaveCount(2);
  await expect(till.strip.getByRole('button').first()).toContainText(first.code);

  // The second buyer pays on a phone of their own.
  const phone = await page.context().newPage();
  await phone.goto(new URL(phonePage, till.program.url).href);
  await phone.getByRole('textbox', { name: 'E-mail' }).fill('eve@example.com');
  await phone.getByRole('button', { name: /^Pay €/ }).click();

  await expect(till.chip(second)).toContainText('Paid');
  await expect(till.strip.getByRole('button').first()).toContainText(second.code);
  await expect(page.locator('[aria-live="assertive"]').filter({ hasText: `Paid. €9.00, order ${second.code}.` })).toBeAttached();

  await page.reload();
  await expect(till.chip(second)).toContainText('Paid');
  await till.chip(second).click();
  await till.expectPaid();
  await page.keyboard.press('Enter');
  await expect(till.chip(second)).toHaveCount(0);
  await expect(till.chip(first)).toBeVisible();

  await till.chip(first).click();
  await expect(till.code).toBeVisible();
  await till.buyerPays();
  await till.expectPaid();
});

test('cancel asks first, frees the seats when Stripe has ended the code, and offers to sell again', async ({ till, page }) => {
  await till.open();
  await till.take('Adult', 3);
  const order = await till.makeCode();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Keep the code' }).click();
  expect((await till.order(order.id)).status).toBe('awaiting_payment');

  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await expect(page.getByRole('heading', { name: 'Cancelled' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('The seats are free again');
  expect(await till.seatsLeft('Adult')).toBe(120);

  await page.getByRole('button', { name: 'Sell again' }).click();
  await expect(page.getByRole('group', { name: 'Quantity of Adult' })).toContainText('3');
});

test('a code that runs out says so, and its seats come back', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  const order = await till.makeCode();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await till.program.advance('32m');
  await till.chip(order).click(); // and the till finds out by itself
  await expect(page.getByRole('heading', { name: 'The time ran out' })).toBeVisible({ timeout: 10_000 });
  expect(await till.seatsLeft('Adult')).toBe(120);
});

test('a bank that decides later, where that is allowed: processing, then paid', async ({ till, page }) => {
  await till.open();
  await page.goto(`${till.program.url}/#/settings/stripe`);
  await page.getByText('Also ways that a bank decides days later').click();
  await expect(page.getByRole('switch', { name: /decides days later/ })).toBeChecked();
  await page.goto(`${till.program.url}/#/sell`);
  await till.take('Adult');
  const order = await till.makeCode();
  await till.phone.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
  await till.phone.getByRole('radio', { name: /debit/i }).check({ force: true });
  await till.phone.getByRole('button', { name: /^Pay €/ }).click();
  await expect(page.getByRole('main')).toContainText('The bank is still deciding');
  await till.program.settle(order.tenders[0]?.sessionId ?? '', 'succeeded');
  await page.getByRole('button', { name: /Buyer says paid|Not paid yet/ }).click();
  await till.expectPaid();
});
