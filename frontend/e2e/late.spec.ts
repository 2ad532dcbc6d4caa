/** The late-money desk against the real program: money that has no seat, and what becomes of it. */
import { drill, pictures, sell, sign, visit } from './money';
import { expect, test } from './till';

const nothing = 'Nothing waits. All money has its place.';

test('seats for money of the wrong amount: from the desk to tickets, by keys', async ({ till, page }) => {
  test.slow();
  await till.open();
  await visit(till, 'late');
  await expect(page.getByText(nothing)).toBeVisible();
  await pictures(page, '40-late-none');

  await visit(till, 'sell');
  await till.take('Adult');
  const order = await till.makeCode();
  await drill(till, 'wrong_amount'); // another code of the same sale, with twice as much of it
  const before = await till.seatsLeft('Child');
  await page.getByRole('link', { name: /^Late money.*1 waits/ }).first().click();
  const card = page.getByRole('article');
  await expect(card).toContainText('Paid €48.00 instead of €24.00');
  await expect(card.getByRole('link', { name: order.code })).toBeVisible();
  await pictures(page, '41-late');

  await card.getByRole('button', { name: 'Give seats' }).click();
  const dialog = page.getByRole('dialog');
  const other = dialog.getByRole('radio', { name: 'Other seats' });
  if (await other.isVisible()) await other.click();
  await dialog.getByRole('button', { name: 'One more Child' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('2 seats cost €18.00. All of €48.00 is booked for them; €30.00 more than they cost.');
  await sign(dialog);
  await page.setViewportSize({ width: 390, height: 844 });
  const performance = dialog.getByRole('button', { name: /Performance/ });
  const cut = await performance.locator('*').evaluateAll((parts) => parts.filter((part) => part.scrollWidth > part.clientWidth && part.clientWidth > 0).map((part) => part.textContent));
  expect(cut, 'name, date and time can be read whole on a phone').toEqual([]);
  await pictures(page, '42-late-seat');
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('For the two children');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Seats given' })).toBeVisible();
  await pictures(page, '43-late-seated');
  expect(await till.seatsLeft('Child')).toBe(before - 2);
  await page.getByRole('button', { name: 'Show the order' }).click();
  await expect(page.getByText('Paid', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('2 × Child')).toBeVisible();
  await expect(page.getByRole('img', { name: /^QR code of ticket/ })).toHaveCount(2);
  await pictures(page, '44-late-order');

  await visit(till, 'late');
  await expect(page.getByText(nothing)).toBeVisible();
  await page.getByRole('tab', { name: 'Done' }).click();
  await expect(page.getByRole('article')).toContainText('Seats given by Ada');
  await expect(page.getByRole('article')).toContainText('For the two children');
  await pictures(page, '45-late-done');
});

test('money back and money kept; what other programs sold is nobody’s business here', async ({ till, page }) => {
  test.slow();
  await till.open();
  await sell(till, 'Adult', 2);
  await drill(till, 'old_code_paid', 'wrong_amount', 'stranger_pays');
  await visit(till, 'late');
  await expect(page.getByRole('article')).toHaveCount(2);

  await page.getByRole('article', { name: '€48.00, Paid twice' }).getByRole('button', { name: 'Refund' }).click();
  let dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('€48.00 goes back to Visa ••4242');
  await sign(dialog);
  await pictures(page, '46-late-refund');
  await dialog.getByRole('button', { name: 'Give €48.00 back' }).dblclick();
  await expect(page.getByRole('dialog', { name: '€48.00 goes back' })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();

  await expect(page.getByRole('article')).toHaveCount(1);
  await page.getByRole('button', { name: 'Keep it' }).click();
  dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: /^Your name/ }), 'the name is remembered').toHaveValue('Ada');
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('The buyer said: keep it');
  await pictures(page, '47-late-keep');
  await dialog.getByRole('button', { name: /^Keep €/ }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(nothing)).toBeVisible();

  await page.getByRole('tab', { name: 'Done' }).click();
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('tab', { name: 'Sold elsewhere' }).click();
  await expect(page.getByRole('list', { name: 'Money of other programs' }).getByRole('listitem')).toHaveCount(1);
  await pictures(page, '48-late-elsewhere');
});

test('a part was refunded in the Dashboard: somebody says which ticket it was for', async ({ till, page }) => {
  test.slow();
  await till.open();
  const order = await sell(till, 'Adult', 2);
  const before = await till.seatsLeft('Adult');
  await drill(till, 'partial_refund_in_dashboard');
  await visit(till, 'late');
  await expect(page.getByRole('region', { name: 'Which tickets?' })).toContainText(`€24.00 was refunded in Stripe’s Dashboard for order ${order.code}.`);
  await pictures(page, '49-late-question');
  await page.getByRole('button', { name: 'Say which tickets' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: 'Ticket 2 of 2: Adult' }).press('Space');
  await sign(dialog);
  await pictures(page, '50-late-which');
  await dialog.getByRole('button', { name: 'Make 1 ticket void' }).click();
  await expect(page.getByRole('dialog', { name: '1 ticket is void' })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(nothing)).toBeVisible();
  expect(await till.seatsLeft('Adult')).toBe(before + 1);
  expect((await till.order(order.id)).tickets.map((ticket) => ticket.void)).toEqual([false, true]);
});
