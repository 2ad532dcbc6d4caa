// Stripe's own Node library drives what is made beforehand and what comes
// after a sale: products, prices, tax rates, payment links, payment intents,
// refunds, settings. What it reads and sends is Stripe's word, not ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = process.env.STRIPE_SIM_ADDR;
assert.ok(address, 'STRIPE_SIM_ADDR says where the simulator listens');
const [host, port] = address.split(':');
const base = `http://${address}`;
const stripe = new Stripe('sk_test_training', { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });

const post = async (path, body) => {
  const response = await fetch(`${base}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(response.status, 200);
  return response.json();
};

test('from a product to a poster that sells', async () => {
  const product = await stripe.products.create({ name: 'Stalls', images: ['https://theatre.example/stalls.png'], tax_code: 'txcd_20030000' });
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 1500, nickname: 'Evening' });
  assert.equal((await stripe.prices.update(price.id, { nickname: 'Matinee' })).nickname, 'Matinee');
  await assert.rejects(stripe.products.del(product.id), /user-created prices/);
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 4 } }],
    metadata: { campaign: 'poster' },
    restrictions: { completed_sessions: { limit: 1 } },
    inactive_message: 'Sold out',
    after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'See you' } },
    payment_intent_data: { metadata: { campaign: 'poster' } },
  });
  assert.ok(link.url.length <= 60, link.url);
  assert.deepEqual((await stripe.paymentLinks.listLineItems(link.id)).data.map((l) => l.amount_total), [1500]);

  const path = new URL(link.url).pathname;
  const started = await post(`${path}/start`, { reference: 'order-7' });
  const paid = await post(`/c/pay/${started.session}/pay`, { email: 'jenny@example.com', method: 'card', card: '4242424242424242', expiry: '12 / 40', cvc: '123' });
  assert.equal(paid.status, 'succeeded');
  const [session] = (await stripe.checkout.sessions.list({ payment_link: link.id })).data;
  assert.deepEqual([session.id, session.client_reference_id, session.metadata.campaign, session.payment_link], [started.session, 'order-7', 'poster', link.id]);
  const after = await stripe.paymentLinks.retrieve(link.id);
  assert.deepEqual([after.active, after.restrictions.completed_sessions.count], [false, 1]);
  assert.equal((await post(`${path}/start`, {})).message, 'Sold out');
  const listed = [];
  for await (const l of stripe.paymentLinks.list({ limit: 1 })) listed.push(l.id);
  assert.deepEqual(listed, [link.id]);

  await stripe.prices.update(price.id, { active: false });
  await assert.rejects(stripe.paymentLinks.create({ line_items: [{ price: price.id, quantity: 1 }] }), { param: 'line_items[0][price]' });
  const unsold = await stripe.products.create({ name: 'Unsold' });
  assert.equal((await stripe.products.del(unsold.id)).deleted, true);
});

test('taxes in the price and on top of it', async () => {
  const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 7, inclusive: true, country: 'DE' });
  const levy = await stripe.taxRates.create({ display_name: 'Levy', percentage: 2.5, inclusive: false });
  const session = await stripe.checkout.sessions.create({
    mode: 'payment', success_url: 'https://theatre.example/thanks', expand: ['line_items.data.taxes'],
    line_items: [{ quantity: 1, tax_rates: [vat.id, levy.id], price_data: { currency: 'eur', unit_amount: 1070, product_data: { name: 'Seat' } } }],
  });
  assert.deepEqual([session.amount_subtotal, session.total_details.amount_tax, session.amount_total], [1070, 70 + 25, 1095]);
  assert.deepEqual(session.line_items.data[0].taxes.map((t) => [t.rate.id, t.amount]), [[vat.id, 70], [levy.id, 25]]);
  assert.equal((await stripe.taxRates.update(vat.id, { active: false })).active, false);
  assert.deepEqual((await stripe.taxRates.list({ active: true })).data.map((r) => r.id), [levy.id]);
});

test('a payment of one\'s own, declined, asked about, taken and given back', async () => {
  const intent = await stripe.paymentIntents.create({
    amount: 2400, currency: 'eur', automatic_payment_methods: { enabled: true, allow_redirects: 'never' }, metadata: { order: '7' },
  });
  assert.equal(intent.status, 'requires_payment_method');
  const declined = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }).catch((e) => e);
  assert.ok(declined instanceof Stripe.errors.StripeCardError);
  assert.deepEqual([declined.decline_code, declined.payment_intent.id, declined.payment_intent.status], ['insufficient_funds', intent.id, 'requires_payment_method']);
  const asked = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_authenticationRequired' });
  assert.deepEqual([asked.status, asked.next_action.type], ['requires_action', 'use_stripe_sdk']);
  assert.equal((await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).status, 'succeeded');
  await assert.rejects(stripe.paymentIntents.cancel(intent.id), { code: 'payment_intent_unexpected_state' });

  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1000, reason: 'requested_by_customer' });
  assert.equal(refund.status, 'succeeded');
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id, amount: 1401 }), /greater than unrefunded amount/);
  await stripe.refunds.create({ payment_intent: intent.id });
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), { code: 'charge_already_refunded' });
  const whole = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge.refunds'] });
  assert.deepEqual(whole.latest_charge.refunds.data.map((r) => r.amount), [1400, 1000]);
  assert.equal(whole.latest_charge.refunded, true);

  const idle = await stripe.paymentIntents.create({ amount: 500, currency: 'eur' });
  assert.equal((await stripe.paymentIntents.update(idle.id, { amount: 600 })).amount, 600);
  assert.equal((await stripe.paymentIntents.cancel(idle.id)).status, 'canceled');
});

test('which ways to pay the account offers', async () => {
  const [settings] = (await stripe.paymentMethodConfigurations.list()).data;
  assert.equal(settings.card.display_preference.value, 'on');
  assert.equal(settings.paypal.available, false);
  await post('/_sim/methods', { paypal: true });
  assert.equal((await stripe.paymentMethodConfigurations.retrieve(settings.id)).paypal.display_preference.value, 'on');
});
