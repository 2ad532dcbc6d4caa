/** What a cashier and a buyer do, in their words. */
import { expect, test as base, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { Catalogue, Order, OrderList } from './shapes';
import { Program, type Fault } from './program';

export { expect, type Fault };

export const cards = {
  good: '4242 4242 4242 4242',
  declined: '4000 0000 0000 0002',
  challenged: '4000 0027 6000 3184',
} as const;

/** The real program, and a page that has not been to it yet. */
export const test = base.extend<{ program: Program; till: Till }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants a pattern
  program: async ({}, use) => {
    const program = await Program.start();
    await use(program);
    await program.end();
  },
  till: async ({ page, program }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    await use(new Till(page, program));
    expect(complaints, 'the page complained').toEqual([]);
  },
});

export class Till {
  readonly pay: Locator;
  readonly strip: Locator;
  readonly code: Locator;

  constructor(
    readonly page: Page,
    readonly program: Program,
  ) {
    this.pay = page.getByRole('button', { name: /^(Pay by phone|Making the code)/ });
    this.strip = page.getByRole('region', { name: 'Codes that wait' });
    this.code = page.getByRole('img', { name: /^QR code of the page where the buyer pays/ });
  }

  /** Opens the till and goes past the welcome. */
  async open(): Promise<void> {
    await this.page.goto(this.program.url);
    await this.page.getByRole('button', { name: 'Practise now' }).click();
    await expect(this.tile('Adult')).toBeVisible();
  }

  tile(name: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${name}`) });
  }

  async take(name: string, quantity = 1): Promise<void> {
    for (let n = 0; n < quantity; n++) await this.tile(name).click();
  }

  /** From the cart to a code on the screen; returns the order behind it. */
  async makeCode(): Promise<Order> {
    await this.pay.click();
    await expect(this.code).toBeVisible();
    return this.orderOnScreen();
  }

  orderOnScreen(): Promise<Order> {
    const id = new URL(this.page.url()).hash.split('/').at(-1) ?? '';
    return this.order(id);
  }

  order(id: string): Promise<Order> {
    return this.program.api<Order>(`api/orders/${id}`);
  }

  orders(): Promise<OrderList> {
    return this.program.api<OrderList>('api/orders');
  }

  async seatsLeft(name: string): Promise<number> {
    const { events } = await this.program.api<Catalogue>('api/catalogue');
    return events[0]!.performances[0]!.ticketTypes.find((type) => type.name === name)!.available;
  }

  /** The buyer's phone beside the till. */
  get phone(): FrameLocator {
    return this.page.frameLocator('iframe');
  }

  /** What the buyer does on the phone. */
  async buyerPays(card: string = cards.good): Promise<void> {
    const tab = this.page.getByRole('tab', { name: 'Buyer’s phone' });
    if (await tab.isVisible()) await tab.click();
    const email = this.phone.getByRole('textbox', { name: 'E-mail' });
    if (await email.isEditable()) await email.fill('ada@example.com');
    await this.phone.getByLabel('Card number').fill(card);
    await this.phone.getByRole('button', { name: /^Pay €/ }).click();
  }

  async expectPaid(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'Paid', exact: true })).toBeVisible();
  }

  /** The chip of a parked code. */
  chip(order: Order): Locator {
    return this.strip.getByRole('button', { name: new RegExp(order.code) });
  }
}
