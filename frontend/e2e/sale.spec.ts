import { cards, expect, test } from './till';

test('a first sale: two tickets, a code, a phone, and the till turns to Paid by itself', async ({ till, page }) => {
  await till.open();
  await till.take('Adult', 2);
  await expect(page.getByRole('group', { name: 'Quantity of Adult' })).toContainText('2');
  await expect(page.getByText('€48.00').first()).toBeVisible();

  const order = await till.makeCode();
  expect(order.status).toBe('awaiting_payment');
  expect(await till.seatsLeft('Adult')).toBe(118);

  await till.buyerPays();
  await till.expectPaid();
  await expect(page.getByRole('main')).toContainText(order.code);
  await expect(page.getByRole('main')).toContainText('Visa ending 4242');
  await expect(page.getByRole('heading', { name: '2 tickets' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^QR code of ticket/ })).toHaveCount(2);

  await page.getByRole('button', { name: 'Next customer' }).click();
  await expect(till.tile('Adult')).toContainText('118 seats left');
  await expect(till.strip).toContainText('No codes are waiting');

  await page.getByRole('navigation').getByRole('link', { name: 'Sales' }).first().click();
  await page.getByRole('link', { name: new RegExp(order.code) }).click();
  await expect(page.getByRole('heading', { name: 'What happened' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Paid, says Stripe' })).toBeVisible();
});

test('two taps to a code', async ({ till }) => {
  await till.open();
  await till.tile('Child').click();
  await till.pay.click();
  await expect(till.code).toBeVisible();
});

test('a declined card, then a good one, on the same code', async ({ till }) => {
  await till.open();
  await till.take('Concession');
  const order = await till.makeCode();
  await till.buyerPays(cards.declined);
  await expect(till.phone.getByRole('alert')).toContainText('declined');
  expect((await till.order(order.id)).status).toBe('awaiting_payment');
  await till.buyerPays(cards.good);
  await till.expectPaid();
  expect((await till.orders()).orders).toHaveLength(1);
});

test('3-D Secure: the bank asks, the buyer confirms', async ({ till }) => {
  await till.open();
  await till.take('Adult');
  await till.makeCode();
  await till.buyerPays(cards.challenged);
  await till.phone.getByRole('button', { name: 'Complete' }).click();
  await till.expectPaid();
});

test('a double tap on Pay makes one order', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  await till.program.faults({ method: 'POST', path: '/v1/checkout/sessions', kind: 'delay', delay: '300ms' });
  await till.pay.dblclick();
  await page.keyboard.press('p');
  await expect(till.code).toBeVisible();
  expect((await till.orders()).orders).toHaveLength(1);
});

test('the buyer’s e-mail goes along; half an address is told at its field and sells nothing', async ({ till, page }) => {
  await till.open();
  await till.take('Adult');
  const email = page.getByLabel('Buyer’s e-mail');
  await email.fill('ada@');
  await till.pay.click();
  await expect(page.getByRole('alert')).toContainText('e-mail address is not complete');
  await expect(email).toHaveAttribute('aria-invalid', 'true');
  await expect(email).toHaveAccessibleDescription(/Not a complete address/);
  expect((await till.orders()).orders).toHaveLength(0);
  await email.fill('ada@example.com');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const order = await till.makeCode();
  expect(order.buyerEmail).toBe('ada@example.com');
});

test('sold out: the last seats go, the tile says so, and a late till is told what is left', async ({ till, page, context }) => {
  await till.open();
  await till.take('Balcony', 8);

  const other = await context.newPage();
  await other.goto(`${till.program.url}#/sell`);
  await other.getByRole('button', { name: /^Balcony/ }).click({ clickCount: 1 });
  for (let n = 0; n < 4; n++) await other.getByRole('button', { name: /^Balcony/ }).click();
  await other.getByRole('button', { name: /^Pay by phone/ }).click();
  await expect(other.getByRole('img', { name: /^QR code of the page/ })).toBeVisible();

  await expect(page.getByText('Only 5 left now')).toBeVisible();
  await till.pay.click();
  await expect(page.getByRole('alert')).toContainText('only 5 seats are left');
  await expect(page.getByRole('alert')).toContainText('nothing was charged');
  await page.getByRole('button', { name: 'Take 5' }).click();
  await till.makeCode();
  await page.keyboard.press('Escape');
  await expect(till.tile('Balcony')).toContainText('Sold out');
  await expect(till.tile('Balcony')).toBeDisabled();
  expect(await till.seatsLeft('Balcony')).toBe(0);
});
