/** From the welcome to a real account's test mode: books, keys, consent, PIN and passphrase, against a simulated Stripe of its own. */
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { Program } from './program';
import { Simulator } from './simulator';
import { expect } from './till';

const passphrase = 'a quiet foyer';
const pin = '470011';

const test = base.extend<{ stripe: Simulator; program: Program }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern
  stripe: async ({}, use) => {
    const stripe = await Simulator.start();
    await use(stripe);
    await stripe.end();
  },
  program: async ({ stripe }, use) => {
    const program = await Program.start({ WILLCALL_STRIPE_URL: stripe.url, WILLCALL_KEYCHAIN: 'never' });
    await use(program);
    await program.end();
  },
});

/** A passphrase is made slow to try on purpose, and each permission is asked for by itself. */
const patience = { timeout: 60_000 };

test.beforeEach(() => test.setTimeout(300_000));

const band = (page: Page) => page.getByRole('banner');

/** Welcome → Connect Stripe → test mode; then the keys are sealed. */
async function openTestBook(page: Page, program: Program): Promise<void> {
  await page.goto(program.url);
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await page.getByRole('button', { name: /^Stripe’s test mode/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change to Stripe’s test mode' }).click();
  await expect(band(page)).toContainText('Stripe test mode');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('The same passphrase again', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Seal the keys with it' }).click();
  await expect(page.getByLabel('Restricted key', { exact: true })).toBeVisible(patience);
}

async function useKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('Restricted key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Connect with this key' }).click();
}

async function setPin(page: Page, program: Program): Promise<void> {
  await page.goto(`${program.url}#/settings/admin`);
  await page.getByLabel('New PIN', { exact: true }).fill(pin);
  await page.getByRole('button', { name: 'Keep this PIN' }).click();
  await expect(page.getByText('You are the administrator at this screen.')).toBeVisible(patience);
}

const connected = (page: Page) => page.getByRole('region', { name: 'Stripe' }).getByText('Connected', { exact: true });

test('the welcome leads to a test book, and a restricted key connects it', async ({ page, program, stripe }) => {
  await openTestBook(page, program);
  await examine(page, '50-settings-stripe');
  await useKey(page, await stripe.restrictedKey());
  await expect(connected(page)).toBeVisible(patience);
  await expect(band(page)).toContainText('no real money');
  await examine(page, '51-settings-connected');
  expect(await page.content()).not.toContain('rk_test_51');
});

test('a key that may too little: what is missing is marked, and once it is given the same key connects', async ({ page, program, stripe }) => {
  await openTestBook(page, program);
  const key = await stripe.restrictedKey({ events: 'none', refunds: 'read' });
  await useKey(page, key);
  await expect(page.getByRole('row', { name: /Missing: Events/ })).toBeVisible(patience);
  await expect(page.getByRole('row', { name: /Missing: Refunds/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Missing/ })).toHaveCount(2, patience);
  await examine(page, '52-settings-missing');
  await stripe.permit(key, {});
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await expect(connected(page)).toBeVisible(patience);
});

test('what is no key for this book is refused with the reason', async ({ page, program, stripe }) => {
  await stripe.restrictedKey();
  await openTestBook(page, program);
  for (const [key, words] of [
    [`pk_test_${'0'.repeat(24)}`, /publishable key/],
    [await stripe.restrictedKey({}, true), /wrong kind of key/],
    [`rk_test_51${'0'.repeat(40)}`, /Stripe|key/],
  ] as const) {
    await useKey(page, key);
    await expect(page.getByRole('alert')).toContainText(words, patience);
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  }
  await expect(page.getByText('Not connected')).toBeVisible();
});

test('a key that is revoked in the middle: Sell says so, and a new key mends it', async ({ page, program, stripe }) => {
  await openTestBook(page, program);
  const key = await stripe.restrictedKey();
  await useKey(page, key);
  await expect(connected(page)).toBeVisible(patience);
  await stripe.revoke(key);
  await program.kill();
  await program.run();
  await page.goto(`${program.url}#/settings/keys`);
  await page.reload();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Open the keys' }).click();
  await expect(page.getByText('Can be read', { exact: true })).toBeVisible(patience);
  await page.goto(`${program.url}#/sell`);
  await expect(page.getByRole('main')).toContainText('Stripe does not take this till’s key any more', patience);
  await examine(page, '53-sell-standstill');
  await page.getByRole('button', { name: 'Look at the connection' }).click();
  await useKey(page, await stripe.restrictedKey());
  await expect(connected(page)).toBeVisible(patience);
});

test('after a restart the keys are sealed: a wrong passphrase opens nothing, the right one goes on', async ({ page, program, stripe }) => {
  await openTestBook(page, program);
  await useKey(page, await stripe.restrictedKey());
  await expect(connected(page)).toBeVisible(patience);
  await program.kill();
  await program.run();
  await page.goto(`${program.url}#/sell`);
  await page.reload();
  await expect(page.getByRole('main')).toContainText('The keys are sealed');
  await page.getByRole('button', { name: 'Open the keys' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('a loud foyer');
  await page.getByRole('button', { name: 'Open the keys' }).click();
  await expect(page.getByRole('alert')).toContainText('That is not the passphrase.', patience);
  await examine(page, '54-settings-sealed');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Open the keys' }).click();
  await expect(page.getByText('Can be read', { exact: true })).toBeVisible(patience);
  await page.goto(`${program.url}#/settings/stripe`);
  await expect(connected(page)).toBeVisible(patience);
});

test('the PIN: asked for where it is needed, wrong ones refused, then waited for', async ({ page, program }) => {
  await openTestBook(page, program);
  await setPin(page, program);
  await examine(page, '55-settings-admin');
  await page.getByRole('button', { name: 'Lock again' }).click();
  await page.goto(`${program.url}#/settings/webhook`);
  await page.getByLabel('Signing secret', { exact: true }).fill(`whsec_${'0'.repeat(32)}`);
  await page.getByRole('button', { name: 'Open with this secret' }).click();
  const dialog = page.getByRole('dialog', { name: 'Administrator’s PIN' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel('PIN', { exact: true })).toBeFocused();
  await page.keyboard.type('0000');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toHaveText('That is not the PIN.', patience);
  await examine(page, '56-pin');
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden(patience);
  await expect(page.getByText('No message since the start')).toBeVisible();
  await examine(page, '57-settings-webhook');

  await page.reload();
  await page.goto(`${program.url}#/settings/admin`);
  await page.getByRole('button', { name: 'Unlock' }).first().click();
  const field = page.getByLabel('PIN', { exact: true });
  for (let tries = 0; tries < 6; tries++) {
    await field.fill('0000');
    await expect(dialog.getByRole('button', { name: 'Go on' })).toHaveAttribute('aria-busy', 'false');
    const answer = page.waitForResponse('**/api/access/unlock');
    await page.keyboard.press('Enter');
    await answer;
  }
  await expect(dialog.getByRole('alert')).toContainText(/Wait \d+ second/, patience);
});

test('the round trip to Stripe: refused, then given; its address is good for once', async ({ page, context, program, stripe }) => {
  await stripe.addAccount('acct_1Playhouse0000001', 'Playhouse on the Pier');
  await openTestBook(page, program);
  await setPin(page, program);
  await registerPlatform(page, stripe);
  await page.goto(`${program.url}#/settings/stripe`);
  await examine(page, '58-settings-two-ways');

  const asked = await ask(page, context);
  await examine(page, '59-settings-waiting');
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(asked.locator('body')).toContainText('The user denied your request');

  const again = await ask(page, context, 'Ask again');
  await again.getByRole('radio', { name: /Playhouse on the Pier/ }).check();
  const back = again.waitForRequest((request) => request.url().includes('code='));
  await again.getByRole('button', { name: 'Connect' }).click();
  const used = (await back).url();
  await expect(connected(page)).toBeVisible(patience);
  await expect(page.getByRole('region', { name: 'Stripe' })).toContainText('Playhouse on the Pier');
  await examine(page, '60-settings-oauth');

  await again.goto(used);
  await expect(again.locator('body')).toContainText(/not|used|again/);
  await expect(connected(page)).toBeVisible();

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('Not connected')).toBeVisible(patience);
});

test('the books: each with what is its own, and one band for each', async ({ page, program }) => {
  await openTestBook(page, program);
  await page.goto(`${program.url}#/settings/book`);
  await examine(page, '61-settings-book');
  await page.getByRole('button', { name: 'Change to training' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change to training' }).click();
  await expect(band(page)).toContainText('Training');
  await page.goto(`${program.url}#/sell`);
  await expect(page.getByRole('button', { name: /^Adult/ })).toBeVisible();
  await page.goto(`${program.url}#/settings/book`);
  await page.getByRole('button', { name: 'Change to selling for real' }).click();
  await examine(page, '62-change-book');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change to selling for real' }).click();
  await expect(band(page)).toContainText('Live');
  await expect(band(page)).not.toContainText('no real money');
  await examine(page, '63-live');
});

test('the welcome and its second step', async ({ page, program }) => {
  await page.goto(program.url);
  await expect(page.getByRole('button', { name: 'Practise now' })).toBeVisible();
  await examine(page, '64-welcome');
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await examine(page, '65-welcome-books');
});

/** The platform's keys go in by the screen; the redirect is registered at Stripe as the screen shows it. */
async function registerPlatform(page: Page, stripe: Simulator): Promise<void> {
  const redirect = await page.locator('code').filter({ hasText: 'http' }).innerText();
  await page.getByLabel('Secret key · Not set', { exact: true }).fill(await stripe.secretKey());
  await page.getByLabel('Publishable key · Not set', { exact: true }).fill(await stripe.publishableKey());
  await page.getByLabel('Client ID · Not set', { exact: true }).fill(await stripe.platform(redirect));
  await page.getByLabel('Percent', { exact: true }).fill('1.5');
  await page.getByRole('button', { name: 'Save the platform' }).click();
  await expect(page.getByText('Saved.')).toBeVisible(patience);
}

/** Presses Connect; returns the page of Stripe's that opens. */
async function ask(page: Page, context: BrowserContext, name = 'Connect with Stripe'): Promise<Page> {
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name }).click(),
  ]);
  await expect(page.getByRole('heading', { name: /Waiting for Stripe/ })).toBeVisible();
  return opened;
}

const sizes = { wide: { width: 1280, height: 800 }, small: { width: 1024, height: 768 }, phone: { width: 390, height: 844 } };

/** Keeps a picture of each size and theme, and has axe look at it. */
async function examine(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.allSettled([...document.images].map((image) => image.decode())));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [size, viewport] of Object.entries(sizes)) {
      if ((colorScheme === 'dark') !== (size === 'phone')) continue; // each size and each theme once: a browser is slow
      await page.setViewportSize(viewport);
      await page.screenshot({ path: path.join(import.meta.dirname, 'screenshots', `${name}-${size}-${colorScheme}.png`) });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(wider, `${name} is wider than a ${size} screen`).toBeLessThanOrEqual(0);
      if (size === 'small') continue;
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(sizes.wide);
}
