import { expect, test } from './till';

test('a whole sale by keys alone', async ({ till, page }) => {
  await page.goto(till.program.url);
  await expect(page.getByRole('button', { name: 'Practise now' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(till.tile('Adult')).toBeVisible();

  await page.keyboard.press('1');
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  await page.keyboard.press('Shift+Digit1');
  await expect(page.getByRole('group', { name: 'Quantity of Adult' })).toContainText('1');
  await expect(page.getByRole('group', { name: 'Quantity of Child' })).toContainText('1');
  await page.keyboard.press('Enter');
  await expect(till.code).toBeVisible();

  await page.route('**/api/orders?*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // the strip need not wait for the till's own list
    await route.continue();
  });
  await page.keyboard.press('Escape');
  await expect(till.tile('Adult')).toBeVisible();
  await page.keyboard.press('o');
  await expect(till.code).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: 'Sales' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('nobody@example.com');
  await expect(page.getByText('No sale fits.')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('single keys can be turned off, and do nothing inside a field', async ({ till, page }) => {
  await till.open();
  await page.getByLabel('Buyer’s e-mail').fill('');
  await page.getByLabel('Buyer’s e-mail').press('1');
  await expect(page.getByText('Tap a ticket to start a sale.')).toBeVisible();
  await page.getByRole('heading', { name: 'Cart' }).click();

  await page.keyboard.press('?');
  await page.getByText('Use single-key shortcuts').click();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('1');
  await expect(page.getByText('Tap a ticket to start a sale.')).toBeVisible();
});

test('the focus can be seen and follows the screens; the strip never takes it', async ({ till, page }) => {
  await till.open();
  await page.keyboard.press('1');
  await page.keyboard.press('p');
  await expect(till.code).toBeVisible();
  await page.keyboard.press('Tab');
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineWidth);
  expect(ring).toBe('3px');
});
