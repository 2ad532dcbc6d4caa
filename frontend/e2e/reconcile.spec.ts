/** The close: what was sold, paid and given back, held against Stripe's own books; and how the book keeps up. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { drill, look, pictures, sell, visit } from './money';
import { expect, test, type Till } from './till';

/** These tests let minutes go by, and speak of today: for them it is about midday. */
function midday(): string {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`; // the sign is as POSIX has it
}

test.use({ timezoneId: midday() });

const glance = (page: Page) => page.getByRole('region', { name: 'Reconcile' }).getByRole('status');
const sums = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) }).getByRole('cell');

/** Ten minutes go by at Stripe: what was sold in the last two is never in its books yet. The till believes a clock that two answers tell. */
async function later(till: Till): Promise<void> {
  await till.program.advance('10m');
  await look(till);
  await look(till);
}

/** Has Stripe's books read by the button. */
async function read(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /^Read (them|Stripe’s books) now$/ });
  await button.click();
  await expect(button).toBeVisible({ timeout: 15_000 });
}

async function keep(page: Page, name: string): Promise<{ file: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  return { file: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('sold, paid, read, and they agree; a refund in the Dashboard is in it; CSV and PDF to keep', async ({ till, page }) => {
  test.slow();
  await till.open();
  const first = await sell(till, 'Adult', 2);
  await sell(till, 'Balcony', 1);
  await visit(till, 'reconcile');
  await expect(glance(page)).toContainText('Stripe’s books are not read');
  await pictures(page, 'reconcile-unread');
  await drill(till, 'refund_in_dashboard');

  await later(till);
  await expect(async () => {
    await read(page);
    await expect(glance(page)).toContainText('Willcall and Stripe agree: 3 of 3', { timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(sums(page, 'Gross')).toContainText('€80.00');
  await expect(sums(page, 'Refunds')).toContainText('-€32.00');
  await pictures(page, 'reconcile-agree');

  const csv = await keep(page, 'CSV');
  expect(csv.file).toMatch(/^willcall-training-.*\.csv$/);
  const lines = csv.bytes.toString('utf8').trim().split('\r\n');
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(csv.bytes.toString('utf8')).toContain(first.code);
  const pdf = await keep(page, 'PDF');
  expect(pdf.file).toMatch(/^willcall-training-.*\.pdf$/);
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');

  await page.getByRole('radio', { name: 'Yesterday' }).click();
  await expect(page).toHaveURL(/#\/reconcile\/yesterday$/);
  await read(page);
  await expect(glance(page)).toContainText('No money moved');
  await page.getByRole('radio', { name: 'Other days' }).click();
  await page.getByRole('button', { name: /^Calendar/ }).click();
  await expect(page.getByRole('grid')).toBeVisible();
  await pictures(page, 'reconcile-calendar');
});

test('how the book keeps up: looked at now, reads counted, the lamp and its dialog say the same', async ({ till, page }) => {
  await till.open();
  const lamp = page.getByRole('button', { name: /^Stripe answers/ });
  await expect(lamp).toContainText(/caught up to \d\d:\d\d/, { timeout: 15_000 });
  await page.keyboard.press('r');
  const panel = page.getByRole('region', { name: 'How the book keeps up' });
  await expect(panel).toContainText('Up to date');
  const used = async () => Number(/([\d,]+) of [\d,]+ used/.exec(await panel.innerText())?.[1]?.replace(',', ''));
  const before = await used();
  await panel.getByRole('button', { name: 'Look now' }).click();
  await expect.poll(used).toBeGreaterThan(before);
  await lamp.click();
  const dialog = page.getByRole('dialog', { name: 'About this till' });
  await expect(dialog).toContainText('Caught up to');
  await expect(dialog).toContainText('Asks next');
});
