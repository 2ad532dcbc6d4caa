/** What a trainer does to a cashier, from the panel beside the sale. */
import type { Page } from '@playwright/test';
import { pictures } from './money';
import { expect, test } from './till';

const panel = (page: Page) => page.getByRole('dialog', { name: 'Drills' });

async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Drills|\d+ drills? on)$/ }).click();
  await expect(panel(page)).toBeVisible();
}

test('the network is gone and comes back: the lamp says so, the sale is paid in the end', async ({ till, page }) => {
  test.slow();
  await till.open();
  await till.take('Adult');
  await till.makeCode();
  await open(page);
  await panel(page).getByText('The network is gone', { exact: true }).click();
  await expect(panel(page)).toContainText('1 drill is on');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Stripe unreachable/ })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('button', { name: '1 drill on' })).toBeVisible();
  await open(page);
  await pictures(page, 'drills-on');
  await panel(page).getByRole('button', { name: 'All quiet again' }).click();
  await expect(panel(page)).toContainText('All is quiet.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Stripe answers/ })).toBeVisible({ timeout: 20_000 });
  await till.buyerPays();
  await till.expectPaid();
});

test('a drill that is done at once says why it cannot be, and then what the cashier sees', async ({ till, page }) => {
  await till.open();
  await page.keyboard.press('t');
  const row = panel(page).getByRole('listitem').filter({ hasText: 'A buyer pays by debit' });
  await row.getByRole('button', { name: 'Pay by debit' }).click();
  await expect(row.getByRole('alert')).toContainText(/no open code/i);
  await page.keyboard.press('Escape');

  const delayed = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"delayed":true}' };
  await till.program.api('api/connection/methods', delayed);
  await till.take('Adult');
  const order = await till.makeCode();
  await page.keyboard.press('t');
  await row.getByRole('button', { name: 'Pay by debit' }).click();
  await expect(row).toContainText('Done. A buyer pays by debit');
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await till.order(order.id)).tenders.at(-1)?.state).toBe('processing');
  await page.keyboard.press('t');
  await panel(page).getByRole('button', { name: 'Say yes' }).click();
  await expect(panel(page).getByRole('listitem').filter({ hasText: 'The bank says yes' })).toContainText('Done.');
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await till.order(order.id)).status, { timeout: 20_000 }).toBe('paid');
});

test('the drills as a page of their own', async ({ till, page }) => {
  test.slow();
  await till.open();
  await page.goto(`${till.program.url}#/drills`);
  await expect(page.getByRole('heading', { name: 'Drills', level: 1 })).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Stripe is slow' })).toBeAttached();
  await pictures(page, 'drills-page');
  await page.goto(`${till.program.url}#/sell`);
  await expect(till.tile('Adult')).toBeVisible();
  await pictures(page, 'sell-with-drills');
});
