/** A poster from the wall to the desk: made, printed, read by a scanner, bought by, and closed. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type Till } from './till';

interface PosterShape {
  id: string;
  code: string;
  url?: string;
  trainingPhone?: string;
}

const picture = (name: string) => path.join(import.meta.dirname, 'screenshots', `${name}.png`);

/** What a scanner reads from the picture. */
function read(file: string): string {
  return execFileSync('zbarimg', ['--nodbus', '--quiet', '--raw', file], { encoding: 'utf8' }).trim();
}

async function examine(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.allSettled([...document.images].map((image) => image.decode())));
  await page.screenshot({ path: picture(name) });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} is too wide`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), name).toEqual([]);
}

/** Makes a poster on the screen and returns it as the till has it. */
async function make(till: Till, page: Page, seats: number): Promise<PosterShape> {
  await page.goto(`${till.program.url}#/posters`);
  await page.getByRole('button', { name: 'New poster' }).first().click();
  await page.getByRole('textbox', { name: /^Seats to set apart/ }).fill(String(seats));
  await page.getByRole('button', { name: 'Make the poster' }).click();
  await expect(page.getByRole('img', { name: /as it is printed/ })).toBeVisible({ timeout: 15_000 });
  const { posters } = await till.program.api<{ posters: PosterShape[] }>('api/posters');
  return posters[0]!;
}

/** Ends the program and starts it again: what was paid meanwhile is found at once, where a quiet till asks every two minutes. */
async function restart(till: Till): Promise<void> {
  await till.program.kill();
  await till.program.run();
}

/** What a passer-by does with the poster's code on a phone of their own. */
async function buyBy(till: Till, page: Page, poster: PosterShape, name: string): Promise<void> {
  const phone = await page.context().newPage();
  await phone.goto(new URL(poster.trainingPhone ?? '', till.program.url).href);
  const onward = phone.getByRole('button', { name: 'Continue to payment' });
  if (await onward.isVisible()) await onward.click();
  await phone.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
  await phone.getByLabel('Name on the card (optional)').fill(name);
  await phone.getByRole('button', { name: /^Pay €/ }).click();
  await expect(phone.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await expect(phone.getByRole('main')).toContainText(poster.code);
  await phone.close();
}

for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of [size === 'phone' ? 'dark' : 'light'] as const) {
    test(`from the wall to the desk, ${size}, ${colorScheme}`, async ({ till, page }) => {
      test.slow();
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await till.open();
      await page.goto(`${till.program.url}#/posters`);
      await expect(page.getByText('No poster hangs yet.')).toBeVisible();
      await examine(page, `30-posters-none-${size}-${colorScheme}`);
      await page.getByRole('button', { name: 'New poster' }).click();
      await expect(page.getByRole('textbox', { name: /^Seats to set apart/ })).toBeVisible();
      await examine(page, `31-poster-new-${size}-${colorScheme}`);
      await page.keyboard.press('Escape');

      const poster = await make(till, page, 12);
      expect(await till.seatsLeft('Adult')).toBe(108);
      await examine(page, `32-poster-${size}-${colorScheme}`);

      await buyBy(till, page, poster, 'Ada Lovelace');
      await restart(till);
      const sale = page.getByRole('list', { name: 'Sales by this poster, newest first' }).getByRole('link');
      await expect(sale).toContainText('Ada Lovelace', { timeout: 30_000 });
      await expect(sale).toContainText('4242');
      await expect(page.getByText('1 of 12 seats sold')).toBeVisible();
      await page.getByRole('searchbox', { name: /^Find a buyer/ }).fill('lovelace');
      await expect(sale).toHaveCount(1);
      await examine(page, `33-poster-arrived-${size}-${colorScheme}`);

      await page.getByRole('button', { name: 'Close the poster' }).click();
      await page.getByRole('button', { name: 'Close it' }).click();
      await till.program.advance('3m'); // Stripe's list may lag by two minutes, and is not trusted before
      await expect(page.getByText('Nobody can pay by it any more.')).toBeVisible({ timeout: 30_000 });
      expect(await till.seatsLeft('Adult')).toBe(119);
      await page.getByRole('link', { name: 'All posters' }).click();
      await expect(page.getByRole('list', { name: 'Posters, newest first' })).toContainText('Closed');
      await examine(page, `34-posters-${size}-${colorScheme}`);
    });
  }
}

test('the code can be read: from the sheet as it is printed, from the PNG and from the SVG', async ({ till, page, request }) => {
  await till.open();
  const poster = await make(till, page, 3);
  const files = `${till.program.url}api/posters/${poster.id}`;
  const png = picture('35-poster-code');
  await writeFile(png, await (await request.get(`${files}/code.png`)).body());
  expect(read(png)).toBe(poster.url);
  const drawing = await page.context().newPage();
  for (const file of ['code.svg', 'poster.svg?size=A4', 'poster.svg?size=A6']) {
    await drawing.setViewportSize({ width: 1240, height: 1754 });
    await drawing.setContent(`<img alt="" width="1000" src="data:image/svg+xml;base64,${(await (await request.get(`${files}/${file}`)).body()).toString('base64')}">`);
    await drawing.waitForFunction(() => document.querySelector('img')?.complete);
    const shot = picture(`35-poster-${file.replaceAll(/\W/g, '-')}`);
    await drawing.screenshot({ path: shot });
    expect(read(shot), file).toBe(poster.url);
  }
  for (const size of ['A4', 'A6']) {
    const pdf = await request.get(`${files}/poster.pdf?size=${size}&download=1`);
    expect(pdf.headers()['content-disposition']).toContain(`willcall-poster-${poster.code}.pdf`);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  }
});

test('one person plays both parts, and the sale arrives by itself', async ({ till, page }) => {
  test.slow();
  await till.open();
  await till.take('Child');
  await till.makeCode(); // while a code is out, Stripe is asked twice a minute
  await make(till, page, 2);
  await page.getByRole('button', { name: 'Training phone' }).click();
  const onward = till.phone.getByRole('button', { name: 'Continue to payment' });
  const email = till.phone.getByRole('textbox', { name: 'E-mail' });
  await expect(onward.or(email).first()).toBeVisible();
  if (await onward.isVisible()) await onward.click();
  await email.fill('ada@example.com');
  await page.screenshot({ path: picture('36-poster-phone-wide') });
  await till.phone.getByRole('button', { name: /^Pay €/ }).click();
  await expect(page.getByText('1 of 2 seats sold')).toBeVisible({ timeout: 45_000 });
});

test('the till cannot sell what is set apart; the desk finds the sale by the poster', async ({ till, page }) => {
  await till.open();
  const poster = await make(till, page, 120);
  await page.goto(`${till.program.url}#/sell`);
  await expect(till.tile('Adult')).toBeDisabled();
  await buyBy(till, page, poster, 'Grace Hopper');
  await restart(till);
  await page.goto(`${till.program.url}#/sales`);
  await page.getByRole('button', { name: /By poster/ }).click();
  await page.getByRole('option', { name: new RegExp(poster.code) }).click();
  await expect(page.getByRole('link', { name: /Grace Hopper/ })).toBeVisible({ timeout: 30_000 });
});
