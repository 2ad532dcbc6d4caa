/** What happens to money after a sale: at the buyer's bank, in Stripe's Dashboard, and at the till that looks for it. */
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { Order } from './shapes';
import { expect, type Till } from './till';

type Drill =
  | 'wrong_amount'
  | 'old_code_paid'
  | 'stranger_pays'
  | 'refund_in_dashboard'
  | 'partial_refund_in_dashboard'
  | 'refund_fails_later'
  | 'dispute_opened'
  | 'dispute_won';

/** Has something happen at the simulated Stripe, and has the till look for it at once. */
export async function drill(till: Till, ...names: Drill[]): Promise<void> {
  for (const name of names) {
    await till.program.api(`api/training/drills/${name}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  }
  await look(till);
}

/** Has the till ask Stripe for news, as "Look now" does. */
export async function look(till: Till): Promise<void> {
  await till.program.api('api/reconciliation/poll', { method: 'POST' });
}

/** A sale from the cart to the buyer's tickets. */
export async function sell(till: Till, name: string, quantity: number): Promise<Order> {
  await till.page.goto(`${till.program.url}#/sell`);
  await till.take(name, quantity);
  const { id } = await till.makeCode();
  await till.buyerPays();
  await till.expectPaid();
  return till.order(id);
}

/** Goes to a screen of the till; a hash alone would not leave the screen that is there. */
export async function visit(till: Till, place: string): Promise<void> {
  await till.page.goto(`${till.program.url}#/${place}`);
}

/** Says who decides, in the dialog that asks. */
export async function sign(dialog: Locator, name = 'Ada'): Promise<void> {
  await dialog.getByRole('textbox', { name: /^Your name/ }).fill(name);
}

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

/**
 * Keeps the screen as it stands in both sizes, and has axe look at each. A browser is slow: each size has one light, and
 * both with WILLCALL_PICTURES=all.
 */
export async function pictures(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      if (!process.env.WILLCALL_PICTURES && (colorScheme === 'dark') !== (size === 'phone')) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await examine(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.setViewportSize(sizes.wide);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function examine(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.allSettled([...document.images].map((image) => image.decode())));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path: path.join(import.meta.dirname, 'screenshots', `${name}.png`) });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} is too wide`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), name).toEqual([]);
}
