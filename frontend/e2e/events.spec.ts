/** Events and tickets: set up from nothing, sold, changed while a code is out, and filled with all that people type. */
import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test, type Till } from './till';

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

class Editor {
  constructor(
    readonly page: Page,
    readonly till: Till,
  ) {}

  /** Opens the till and goes to a new event. */
  async begin(): Promise<void> {
    await this.till.open();
    await this.page.goto(`${this.till.program.url}#/events/new`);
    await expect(this.page.getByRole('heading', { name: 'New event' })).toBeVisible();
  }

  type(name: string): Locator {
    return this.page.getByRole('group', { name, exact: true });
  }

  async about(name: string, place: string): Promise<void> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('Place').fill(place);
  }

  async pick(label: string, typed: string, option: string, within: Locator | Page = this.page): Promise<void> {
    const box = within.getByRole('combobox', { name: label });
    await box.click();
    await box.fill(typed);
    await this.page.getByRole('option', { name: option }).click();
  }

  async starts(at: string): Promise<void> {
    await this.page.getByLabel('Starts').first().fill(at);
  }

  async seats(count: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Seats' }).first().fill(count);
  }

  async save(): Promise<void> {
    await this.page.getByRole('button', { name: 'Save' }).click();
    await expect(this.page.getByText('All saved')).toBeVisible();
  }
}

test('an event from nothing: set up, told to Stripe, sold, paid', async ({ till, page }) => {
  test.slow();
  const editor = new Editor(page, till);
  await editor.begin();
  await editor.about('Hamlet', 'Harbour Stage');
  await editor.pick('Time zone', 'Lisbon', 'Europe/Lisbon');
  await editor.starts('2027-03-14T20:00');
  await editor.type('Nameless').getByLabel('Name of the ticket').fill('Gallery');
  await editor.type('Gallery').getByLabel('Price each').fill('18,50');
  await page.getByRole('button', { name: 'Add a ticket type' }).click();
  await editor.type('Nameless').getByLabel('Name of the ticket').fill('Friend of the house');
  const friend = editor.type('Friend of the house');
  await friend.getByRole('radio', { name: 'The buyer says' }).click();
  await friend.getByLabel('At least').fill('5');
  await friend.getByLabel('At most').fill('500');
  await friend.getByLabel('Suggested').fill('20');
  await friend.getByRole('button', { name: /^Details/ }).click();
  await friend.getByText('A donation: admits nobody').click();
  await editor.seats('40');
  await editor.save();
  await expect(editor.type('Gallery').getByText('At Stripe')).toBeVisible({ timeout: 20_000 });

  await page.goto(`${till.program.url}#/events`);
  await expect(page.getByRole('link', { name: /Hamlet.*0 of 40 seats taken/ })).toBeVisible();

  await page.goto(`${till.program.url}#/sell`);
  await page.getByRole('radio', { name: 'Hamlet' }).click();
  await expect(page.getByText(/Sun 14 Mar, 20:00/)).toBeVisible();
  await till.take('Gallery', 2);
  await till.tile('Friend').click();
  await page.getByRole('dialog').getByLabel('Another amount').fill('4');
  await page.getByRole('button', { name: 'Put it into the cart' }).click();
  await expect(page.getByRole('dialog')).toContainText('From €5.00 to €500.00');
  await page.getByRole('button', { name: '€40.00' }).click();
  await expect(page.getByText('€77.00')).toBeVisible();
  await expect(page.getByText('2 seats', { exact: true })).toBeVisible();
  const order = await till.makeCode();
  await till.buyerPays();
  await till.expectPaid();
  const paid = await till.order(order.id);
  expect(paid.total).toEqual({ minor: 7700, currency: 'eur' });
  expect(paid.tickets).toHaveLength(2);
  await page.goto(`${till.program.url}#/events`);
  await expect(page.getByRole('link', { name: /Hamlet.*2 of 40 seats taken/ })).toBeVisible();
});

test('an event changed while a code is out: the code costs what it said', async ({ till, page }) => {
  test.slow();
  await till.open();
  await till.take('Adult', 2);
  const order = await till.makeCode();
  await page.goto(`${till.program.url}#/events`);
  await page.getByRole('link', { name: /Winter/ }).click();
  const adult = page.getByRole('group', { name: 'Adult', exact: true });
  await adult.getByLabel('Price each').fill('99');
  await page.getByRole('textbox', { name: 'Seats' }).first().fill('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('2 of its seats are taken already');
  await expect(page.getByRole('alert')).toBeFocused();
  await page.getByRole('textbox', { name: 'Seats' }).first().fill('100');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('All saved')).toBeVisible();

  await page.goto(`${till.program.url}#/sell`);
  await expect(till.tile('Adult')).toContainText('€99.00');
  await expect(till.tile('Adult')).toContainText('98 seats left');
  await till.chip(order).click();
  await till.buyerPays();
  await till.expectPaid();
  expect((await till.order(order.id)).total).toEqual({ minor: 4800, currency: 'eur' });
});

const bad: readonly [typed: string, currency: string, name: string, price: string, rule: RegExp][] = [
  ['Euro', 'EUR', 'EUR · Euro', '0.49', /Stripe charges €0\.50 at the least/],
  ['Euro', 'EUR', 'EUR · Euro', '1,000,000.00', /Stripe charges €999,999\.99 at the most/],
  ['Yen', 'JPY', 'JPY · Japanese Yen', '24.50', /JPY has no decimals/],
  ['Kuwait', 'KWD', 'KWD · Kuwaiti Dinar', '12.345', /last of the three decimals of KWD must be 0/],
  ['Icel', 'ISK', 'ISK · Icelandic Króna', '1200.50', /Stripe takes ISK in whole units/],
  ['Ugand', 'UGX', 'UGX · Ugandan Shilling', '500.01', /Stripe takes UGX in whole units/],
  ['Hungar', 'HUF', 'HUF · Hungarian Forint', '174.99', /Stripe charges HUF\s175\.00 at the least/],
];

test('a bad amount is refused at entry, by the rule of its currency', async ({ till, page }) => {
  const editor = new Editor(page, till);
  await editor.begin();
  for (const [typed, currency, name, price, rule] of bad) {
    await editor.pick('Currency', typed, name);
    await page.getByLabel('Price each').fill(price);
    await page.getByLabel('Name of the ticket').focus();
    await expect(page.getByText(rule), `${price} ${currency}`).toBeVisible();
  }
  await page.getByRole('link', { name: 'Sell' }).first().click();
  await page.getByRole('button', { name: 'Leave without saving' }).click();
  await expect(page.getByRole('heading', { name: 'Cart' })).toBeVisible();
});

/** Two hundred characters: long words, right to left, marks above marks, and pictures made of several signs. */
const names = [
  fill('Donaudampfschifffahrtsgesellschaftskapitän '),
  fill('Σχοινοτενής παράσταση στο Ηρώδειο '),
  fill('Достопримечательность и вечер '),
  fill('ليلة الافتتاح في المسرح الكبير '),
  fill('כרטיס ליציע הקדמי בהיכל '),
  fill('冬物語夜公演特別席'),
  fill('शीतकालीन कथा की रात '),
  fill('🎭👩‍👩‍👧‍👦🏳️‍🌈 '),
];

for (const [size, viewport] of Object.entries(sizes)) {
  test.describe(size, () => {
    test.use({ viewport, hasTouch: size === 'phone' });

    test('names of two hundred characters in seven scripts and in pictures', async ({ till, page }) => {
      test.slow();
      await till.open();
      const night = '2027-05-01T18:00:00Z';
      const event = {
        name: names[3],
        place: names[0],
        timeZone: 'Asia/Kathmandu',
        performances: [{ id: 'new-p', startsAt: night, doorsAt: night }],
        ticketTypes: names.map((name, index) => ({ id: `new-${index}`, name, description: name, price: { minor: 1000, currency: 'eur' }, onSale: true })),
        quotas: [{ id: 'new-q', performanceId: 'new-p', ticketTypeIds: names.map((_, index) => `new-${index}`), size: 9 }],
      };
      await till.program.api('api/events', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(event) });
      await page.goto(`${till.program.url}#/events`);
      await page.getByRole('link', { name: /ليلة/ }).scrollIntoViewIfNeeded();
      await keep(page, `events-names-list-${size}`);
      await page.getByRole('link', { name: /ليلة/ }).click();
      await expect(page.getByText('All saved')).toBeVisible();
      await keep(page, `events-names-editor-${size}`);
      await page.goto(`${till.program.url}#/sell`);
      await page.getByRole('radio', { name: /ليلة/ }).click();
      await page.getByRole('button', { name: /^Donau/ }).click();
      await page.getByRole('button', { name: /^冬物語/ }).click();
      await keep(page, `events-names-sell-${size}`);
      await till.makeCode();
      await keep(page, `events-names-code-${size}`);
    });

    test('every screen of events', async ({ till, page }) => {
      test.slow();
      const editor = new Editor(page, till);
      await till.open();
      await page.goto(`${till.program.url}#/events`);
      await expect(page.getByRole('link', { name: /Winter/ })).toBeVisible();
      await keep(page, `events-list-${size}`);
      await page.getByRole('link', { name: /Winter/ }).click();
      await expect(page.getByText('All saved')).toBeVisible();
      await keep(page, `events-editor-${size}`);
      await page.getByRole('button', { name: 'Details of Adult' }).click();
      await page.getByRole('button', { name: 'Details of Adult' }).scrollIntoViewIfNeeded();
      await keep(page, `events-editor-details-${size}`);
      await page.getByRole('heading', { name: 'Seats', exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole('group', { name: /^Seats number 2/ }).first().getByText('Balcony').click();
      await keep(page, `events-editor-seats-${size}`);

      await page.goto(`${till.program.url}#/events/new`);
      await page.getByRole('button', { name: 'Leave without saving' }).click();
      await expect(page.getByRole('heading', { name: 'New event' })).toBeVisible();
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByRole('alert')).toBeFocused();
      await keep(page, `events-new-wrong-${size}`);
      await page.getByRole('combobox', { name: 'Time zone' }).click();
      await page.getByRole('combobox', { name: 'Time zone' }).fill('new y');
      await expect(page.getByRole('option', { name: 'America/New York' })).toBeVisible();
      // While the list is open everything else is hidden from screen readers, which axe does not like of any such list.
      await keep(page, `events-new-zone-${size}`, false);
      await page.keyboard.press('Escape');

      await editor.about('A night', 'Here');
      await page.getByRole('radio', { name: 'The buyer says' }).click();
      await editor.starts('2027-05-01T20:00');
      await page.getByLabel('Name of the ticket').fill('As you like it');
      await page.getByLabel('At least').fill('5');
      await page.getByLabel('At most').fill('100');
      await editor.seats('30');
      await editor.save();
      await page.goto(`${till.program.url}#/sell`);
      await page.getByRole('radio', { name: 'A night' }).click();
      await keep(page, `events-sell-${size}`);
      await till.tile('As you like it').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await keep(page, `events-sell-amount-${size}`);
      await page.getByRole('button', { name: '€10.00', exact: true }).click();
      await keep(page, `events-sell-chosen-${size}`);
      await page.goto(`${till.program.url}#/events/import`);
      await expect(page.getByRole('checkbox').first().or(page.getByText('Stripe has no product'))).toBeVisible();
      await keep(page, `events-import-${size}`);
    });
  });
}

/** The text again and again, two hundred characters of it, cut between whole signs. */
function fill(text: string): string {
  const signs = Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
  let filled = '';
  for (let n = 0; Array.from(filled + signs[n % signs.length]!).length <= 200; n++) filled += signs[n % signs.length]!;
  return filled.trim();
}

/** A picture of the screen, nothing of which may stick out, and axe's opinion of it. */
async function keep(page: Page, name: string, axe = true): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.allSettled([...document.images].map((image) => image.decode())));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path: path.join(import.meta.dirname, 'screenshots', `${name}.png`) });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  if (!axe) return;
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect.soft(found, name).toEqual([]);
}
