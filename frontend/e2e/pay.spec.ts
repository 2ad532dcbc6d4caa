/** A card typed at the till: on a page of its own, over TLS, with Stripe's own form (in training the simulator's). */
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type Till } from './till';

test.use({ ignoreHTTPSErrors: true });

/** From the cart to the card page in a window of its own. */
async function openCardPage(till: Till, page: Page): Promise<Page> {
  await till.open();
  await till.take('Adult', 2);
  await page.getByRole('button', { name: /^Card on this screen/ }).click();
  const opens = page.getByRole('button', { name: /^Open the card page/ });
  await expect(opens).toBeEnabled();
  const [popup] = await Promise.all([page.waitForEvent('popup'), opens.click()]);
  await expect(popup.getByRole('heading', { name: 'Pay by card' })).toBeVisible();
  return popup;
}

const pay = (card: Page) => card.getByRole('button', { name: 'Pay €48.00' });
const form = (card: Page) => card.frameLocator('iframe');

async function type(card: Page, number: string): Promise<void> {
  await form(card).getByLabel('Card number').fill(number);
  await form(card).getByLabel('Expiration date').fill('12 / 34');
  await form(card).getByLabel('Security code').fill('123');
  await expect(pay(card)).toBeEnabled();
}

async function examine(card: Page, name: string): Promise<void> {
  await card.evaluate(() => document.fonts.ready);
  await card.screenshot({ path: path.join(import.meta.dirname, 'screenshots', `${name}.png`) });
  expect.soft(await card.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} is too wide`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page: card })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), name).toEqual([]);
}

for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of [size === 'phone' ? 'dark' : 'light'] as const) {
    test(`a good card, ${size}, ${colorScheme}: taken by Stripe, then Paid, on the page and on the till`, async ({ till, page, browser }) => {
      test.slow();
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const card = await openCardPage(till, page);
      await examine(page, `20-card-till-${size}-${colorScheme}`);
      await card.setViewportSize(viewport);
      await card.emulateMedia({ colorScheme });
      await card.reload();
      const order = await till.orderOnScreen();
      await expect(card.getByRole('main')).toContainText(order.code);
      await expect(card.getByText('no real money')).toBeVisible();
      await type(card, '4242 4242 4242 4242');
      await examine(card, `21-card-form-${size}-${colorScheme}`);
      await pay(card).click();
      await expect(card.getByRole('heading', { name: 'Paid', exact: true })).toBeVisible({ timeout: 15_000 });
      await till.expectPaid();
      await examine(card, `22-card-paid-${size}-${colorScheme}`);
      await expect(page.getByRole('main')).toContainText('Visa ending 4242');
      expect(browser.isConnected()).toBe(true);
    });
  }
}

test('declined, in words; then another card on the same page', async ({ till, page }) => {
  const card = await openCardPage(till, page);
  await type(card, '4000 0000 0000 9995');
  await pay(card).click();
  const trouble = card.getByRole('alert');
  await expect(trouble).toContainText('The card has too little money.');
  await expect(trouble).toContainText('Nothing was charged.');
  await expect(card.getByText('€48.00', { exact: true })).toBeInViewport();
  await expect(card.getByText('no real money')).toBeInViewport();
  await examine(card, '23-card-declined-wide-light');
  expect((await till.orderOnScreen()).status).toBe('awaiting_payment');
  await type(card, '4242 4242 4242 4242');
  await pay(card).click();
  await till.expectPaid();
  await expect(card.getByRole('heading', { name: 'Paid', exact: true })).toBeVisible();
});

test('3-D Secure: refused, then completed', async ({ till, page }) => {
  const card = await openCardPage(till, page);
  await type(card, '4000 0027 6000 3184');
  await pay(card).click();
  await expect(card.getByText('Follow what it asks')).toBeVisible();
  await form(card).getByRole('button', { name: 'Fail' }).click();
  await expect(card.getByRole('alert')).toContainText('The bank’s confirmation did not succeed.');
  expect((await till.orderOnScreen()).status).toBe('awaiting_payment');

  await type(card, '4000 0027 6000 3184');
  await pay(card).click();
  await form(card).getByRole('button', { name: 'Complete' }).click();
  await till.expectPaid();
});

test('cancelled at the till meanwhile: the page takes no card any more, and the seats are free', async ({ till, page }) => {
  const card = await openCardPage(till, page);
  await expect(pay(card)).toBeVisible();
  await page.bringToFront();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await expect(page.getByRole('heading', { name: 'Cancelled' })).toBeVisible();
  await expect(card.getByRole('heading', { name: 'This order is over.' })).toBeVisible({ timeout: 12_000 });
  await expect(card.locator('iframe')).toHaveCount(0);
  expect(await till.seatsLeft('Adult')).toBe(120);
});

test('opened twice: the card is typed in one window, and the turn can be taken', async ({ till, page }) => {
  const first = await openCardPage(till, page);
  await expect(form(first).getByLabel('Card number')).toBeVisible();
  const second = await page.context().newPage();
  await second.goto(first.url());
  await expect(second.getByRole('heading', { name: 'This order is open in another window.' })).toBeVisible();
  await second.getByRole('button', { name: 'Go on here' }).click();
  await expect(form(second).getByLabel('Card number')).toBeVisible();
  await expect(first.getByRole('heading', { name: 'This order is open in another window.' })).toBeVisible();
  await type(second, '4242 4242 4242 4242');
  await pay(second).click();
  await till.expectPaid();
  await expect(first.getByRole('heading', { name: 'Paid', exact: true })).toBeVisible({ timeout: 12_000 });
});

test('the stand-in does not load: what to do, and again', async ({ till, page }) => {
  await page.context().route('**/elements/stripe.js', (route) => route.abort());
  const card = await openCardPage(till, page);
  await expect(card.getByRole('alert')).toContainText('pay by phone instead');
  await page.context().unroute('**/elements/stripe.js');
  await card.getByRole('button', { name: 'Try again' }).click();
  await expect(form(card).getByLabel('Card number')).toBeVisible();
});

test('no card number reaches the till’s own page, and no secret stays in its address', async ({ till, page }) => {
  const card = await openCardPage(till, page);
  const asked: string[] = [];
  card.on('request', (request) => {
    if (request.frame() === card.mainFrame()) asked.push(`${request.url()} ${request.postData() ?? ''}`);
  });
  await type(card, '4242 4242 4242 4242');
  await pay(card).click();
  await till.expectPaid();
  expect(asked.filter((text) => text.replaceAll(' ', '').includes('4242424242424242'))).toEqual([]);
  expect(card.url()).not.toContain('secret');
  await card.goto(`${card.url()}&payment_intent_client_secret=pi_1_secret_2`);
  await expect(card.getByRole('heading', { name: 'Paid', exact: true })).toBeVisible();
  expect(card.url()).not.toContain('secret');
});
