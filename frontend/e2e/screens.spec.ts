/** Every screen at three sizes, in daylight and, on a phone, in a dark foyer: kept as a picture, checked by axe, and its codes read back by a scanner. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './till';

const sizes = {
  wide: { width: 1280, height: 800 },
  small: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

for (const theme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    if ((theme === 'dark') !== (size === 'phone')) continue; // each size and each theme once: a browser is slow
    test.describe(`${size}, ${theme}`, () => {
      test.use({ viewport, colorScheme: theme, hasTouch: size === 'phone' });

      test('every screen of a sale', async ({ till, page }) => {
        test.slow();
        const keep = (name: string) => examine(page, `${name}-${size}-${theme}`, size !== 'small');
        await page.goto(till.program.url);
        await expect(page.getByRole('button', { name: 'Practise now' })).toBeVisible();
        await keep('1-welcome');

        await till.open();
        await keep('2-sell-empty');
        await till.take('Adult', 2);
        await till.take('Balcony');
        await keep('3-sell');

        const order = await till.makeCode();
        const picture = await keep('4-code');
        expect(read(picture)).toEqual([order.tenders[0]?.url]);

        const tab = page.getByRole('tab', { name: 'Buyer’s phone' });
        if (await tab.isVisible()) {
          await tab.click();
          await keep('4-code-phone');
        }
        await page.getByRole('button', { name: 'Next customer' }).or(page.getByRole('tab', { name: 'Code' })).first().click();
        if (await tab.isVisible()) await page.getByRole('button', { name: 'Next customer' }).click();
        await till.take('Child');
        await keep('5-sell-parked');

        await till.chip(order).click();
        await expect(till.code).toBeVisible();
        await till.buyerPays();
        await till.expectPaid();
        const codes = (await till.order(order.id)).tickets.map((ticket) => ticket.code);
        const tickets = page.getByRole('group', { name: '3 tickets' });
        await expect(tickets.getByRole('img')).toHaveCount(3);
        await keep('6-paid');
        await tickets.getByRole('img').last().scrollIntoViewIfNeeded();
        const found = new Set<string>();
        for (const image of await tickets.getByRole('article').all()) {
          await image.scrollIntoViewIfNeeded();
          const file = picturePath(`6-ticket-${size}-${theme}`);
          await image.screenshot({ path: file });
          for (const code of read(file)) found.add(code);
        }
        expect([...found].sort()).toEqual([...codes].sort());

        await page.goto(`${till.program.url}#/sales`);
        await expect(page.getByRole('link', { name: new RegExp(order.code) })).toBeVisible();
        await keep('7-sales');
        await page.getByRole('link', { name: new RegExp(order.code) }).click();
        await expect(page.getByRole('heading', { name: 'What happened' })).toBeVisible();
        await keep('8-order');
      });

      test('every screen that nobody hopes for', async ({ till, page }) => {
        test.slow();
        const keep = (name: string) => examine(page, `${name}-${size}-${theme}`, size !== 'small');
        await till.open();
        await till.take('Balcony', 10);
        const last = await till.makeCode();
        await page.getByRole('button', { name: 'Cancel' }).click();
        await expect(page.getByRole('alertdialog')).toBeVisible();
        await keep('9-cancel');
        await page.getByRole('button', { name: 'Keep the code' }).click();
        await page.getByRole('button', { name: 'Next customer' }).click();
        await expect(till.tile('Balcony')).toBeDisabled();
        await keep('10-sold-out');
        await till.take('Adult');
        await page.getByLabel('Buyer’s e-mail').fill('ada@');
        await till.pay.click();
        await expect(page.getByRole('alert')).toBeVisible();
        await keep('11-problem');
        await page.getByLabel('Buyer’s e-mail').fill('');

        await till.program.faults({ method: 'POST', path: '/v1/checkout/sessions', kind: 'drop_before' });
        await till.pay.click();
        await expect(page.getByRole('main')).toContainText('Stripe has not answered yet');
        await keep('12-no-answer');
        await till.program.faults();
        await expect(till.code).toBeVisible({ timeout: 20_000 });
        await page.getByRole('button', { name: 'Cancel' }).click();
        await page.getByRole('button', { name: 'Cancel the order' }).click();
        await expect(page.getByRole('heading', { name: 'Cancelled' })).toBeVisible();
        await keep('13-cancelled');
        await page.getByRole('button', { name: /^(Stripe|Till)/ }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await keep('14-about');
        await page.getByRole('button', { name: 'Close' }).click();
        if (size !== 'phone') {
          await page.getByRole('button', { name: 'Keys' }).click();
          await expect(page.getByRole('dialog')).toBeVisible();
          await keep('15-keys');
          await page.getByRole('button', { name: 'Close' }).click();
        }
        await till.chip(last).click();
        await expect(till.code).toBeVisible();
        await till.program.kill();
        await expect(page.getByText('Willcall is not answering')).toBeVisible();
        await keep('16-offline');
      });
    });
  }
}

/** Keeps the picture, and has axe look for anything that keeps people out (where the layout is not one already looked at). */
async function examine(page: Page, name: string, axe: boolean): Promise<string> {
  const file = picturePath(name);
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.allSettled([...document.images].map((image) => image.decode())));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path: file });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  if (!axe) return file;
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect.soft(found, name).toEqual([]);
  return file;
}

function picturePath(name: string): string {
  return path.join(import.meta.dirname, 'screenshots', `${name}.png`);
}

/** What a scanner reads from the picture. */
function read(file: string): string[] {
  return execFileSync('zbarimg', ['--nodbus', '--quiet', '--raw', file], { encoding: 'utf8' }).trim().split('\n');
}
