// Stripe's own Node library, pinned to the API version, drives a whole sale
// against the simulator that listens on STRIPE_SIM_ADDR ("127.0.0.1:4381").
// What this library reads and sends is Stripe's word on the API, not ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = process.env.STRIPE_SIM_ADDR;
assert.ok(address, 'STRIPE_SIM_ADDR says where the simulator listens');
const [host, port] = address.split(':');
const base = `http://${address}`;

const connect = (key = 'sk_test_training12345678', more = {}) =>
  new Stripe(key, { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0, ...more });
const stripe = connect();

const sale = (more = {}) => ({
  mode: 'payment',
  success_url: 'https://theatre.example/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://theatre.example/',
  client_reference_id: 'order-7',
  expires_at: Math.floor(Date.now() / 1000) + 40 * 60,
  line_items: [
    { quantity: 2, price_data: { currency: 'eur', unit_amount: 1200, product_data: { name: 'Standard', description: 'Stalls & circle', metadata: { type: 'std' } } } },
    { quantity: 1, price_data: { currency: 'eur', unit_amount: 700, product_data: { name: 'Child' } } },
  ],
  metadata: { order: '7' },
  payment_intent_data: { metadata: { order: '7' }, description: 'Order 7', statement_descriptor_suffix: 'K7QF3M' },
  ...more,
});

// tap does what the page's script does on the buyer's phone.
async function tap(session, step, body) {
  const response = await fetch(`${base}/c/pay/${session}/${step}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  assert.equal(response.status, 200);
  return response.json();
}

const card = (number) => ({ email: 'jenny@example.com', method: 'card', card: number, expiry: '12 / 40', cvc: '123' });

const control = async (path, body) => {
  const response = await fetch(`${base}/_sim/${path}`, { method: path === 'faults' ? 'PUT' : 'POST', body: JSON.stringify(body) });
  assert.equal(response.status, 200, await response.text());
};

test('a sale, from the code to the money', async () => {
  const session = await stripe.checkout.sessions.create(sale());
  assert.equal(session.lastResponse.apiVersion, '2023-10-16');
  assert.equal(session.status, 'open');
  assert.equal(session.payment_intent, null);
  assert.equal(session.amount_total, 3100);
  assert.match(session.url, /\/c\/pay\/cs_test_.*#fid/);

  const page = await fetch(new URL(new URL(session.url).pathname, base));
  assert.equal(page.status, 200);
  assert.match(await page.text(), /€31\.00/);

  assert.equal((await tap(session.id, 'pay', card('4000000000000002'))).message, 'Your card was declined.');
  assert.equal((await tap(session.id, 'pay', card('4000002760003184'))).status, 'requires_action');
  assert.equal((await tap(session.id, 'authenticate', { outcome: 'complete' })).status, 'succeeded');
  assert.equal((await tap(session.id, 'pay', card('4242424242424242'))).status, 'succeeded', 'a second tap');

  const paid = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['line_items.data.price.product', 'payment_intent.latest_charge.balance_transaction'],
  });
  assert.equal(paid.status, 'complete');
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.url, null);
  assert.equal(paid.customer_details.email, 'jenny@example.com');
  assert.deepEqual(paid.line_items.data.map((l) => [l.description, l.quantity, l.amount_total]), [['Standard', 2, 2400], ['Child', 1, 700]]);
  assert.equal(paid.line_items.data[0].price.product.metadata.type, 'std');
  const charge = paid.payment_intent.latest_charge;
  assert.equal(charge.payment_method_details.card.last4, '3184');
  assert.equal(charge.payment_method_details.card.three_d_secure.result, 'authenticated');
  assert.equal(charge.balance_transaction.net, 3100 - charge.balance_transaction.fee);

  const charges = await stripe.charges.list({ payment_intent: paid.payment_intent.id });
  assert.deepEqual(charges.data.map((c) => c.status), ['succeeded', 'failed']);
  const receipt = await fetch(new URL(new URL(charge.receipt_url).pathname, base));
  assert.match(await receipt.text(), /Visa ending in 3184/);
});

test('events and lists page by themselves', async () => {
  const ids = [];
  for (let i = 0; i < 7; i++) ids.unshift((await stripe.checkout.sessions.create(sale())).id);
  const listed = [];
  for await (const session of stripe.checkout.sessions.list({ limit: 3, status: 'open', created: { gte: 1 } })) listed.push(session.id);
  assert.deepEqual(listed.slice(0, 7), ids);

  const types = [];
  for await (const event of stripe.events.list({ limit: 2, types: ['price.created', 'checkout.session.completed'] })) {
    assert.equal(event.api_version, '2023-10-16');
    types.push(event.type);
  }
  assert.equal(types.filter((t) => t === 'price.created').length, 2 * 8);
  const [newest] = (await stripe.events.list({ limit: 1 })).data;
  assert.deepEqual(await stripe.events.retrieve(newest.id), newest);
  assert.equal((await stripe.checkout.sessions.listLineItems(ids[0], { limit: 1 })).has_more, true);
});

test('expiring, and the buyer who was faster', async () => {
  const session = await stripe.checkout.sessions.create(sale());
  assert.equal((await stripe.checkout.sessions.expire(session.id)).status, 'expired');
  await assert.rejects(stripe.checkout.sessions.expire(session.id), { type: 'StripeInvalidRequestError', statusCode: 400 });
  assert.equal((await tap(session.id, 'pay', card('4242424242424242'))).status, 'expired');

  const raced = await stripe.checkout.sessions.create(sale());
  await tap(raced.id, 'pay', card('4242424242424242'));
  await assert.rejects(stripe.checkout.sessions.expire(raced.id), /status of `complete`/);
  assert.equal((await stripe.checkout.sessions.retrieve(raced.id)).payment_status, 'paid');
});

test('a delayed method settles later', async () => {
  const session = await stripe.checkout.sessions.create(sale({ payment_method_types: ['card', 'sepa_debit'] }));
  assert.equal((await tap(session.id, 'pay', { email: 'jenny@example.com', method: 'bank' })).status, 'processing');
  const waiting = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  assert.deepEqual([waiting.status, waiting.payment_status, waiting.payment_intent.status], ['complete', 'unpaid', 'processing']);
  await control(`sessions/${session.id}/settle`, { outcome: 'succeeded' });
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).payment_status, 'paid');
  const [event] = (await stripe.events.list({ type: 'checkout.session.async_payment_succeeded' })).data;
  assert.equal(event.data.object.id, session.id);
});

test('keys of idempotency', async () => {
  const body = sale();
  const first = await stripe.checkout.sessions.create(body, { idempotencyKey: 'cart-1' });
  const again = await stripe.checkout.sessions.create(body, { idempotencyKey: 'cart-1' });
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(again.lastResponse.idempotencyKey, 'cart-1');
  await assert.rejects(stripe.checkout.sessions.create(sale({ client_reference_id: 'other' }), { idempotencyKey: 'cart-1' }), { type: 'StripeIdempotencyError' });
});

test('errors arrive as the library knows them', async () => {
  await assert.rejects(connect('sk_test_short').balance.retrieve(), { type: 'StripeAuthenticationError', statusCode: 401 });
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_test_gone'), { type: 'StripeInvalidRequestError', code: 'resource_missing', statusCode: 404 });
  await assert.rejects(stripe.checkout.sessions.create({ ...sale(), colour: 'red' }), { code: 'parameter_unknown', param: 'colour' });
  await assert.rejects(stripe.balance.retrieve({ stripeAccount: 'acct_1Gone' }), { type: 'StripePermissionError', code: 'account_invalid', statusCode: 403 });
  await assert.rejects(connect(undefined, { apiVersion: '2022-11-15' }).balance.retrieve(), { statusCode: 400 });
  for (const [status, type] of [[402, 'StripeCardError'], [429, 'StripeRateLimitError'], [500, 'StripeAPIError']]) {
    await control('faults', [{ kind: 'status', status, times: 1 }]);
    await assert.rejects(stripe.balance.retrieve(), { type, statusCode: status });
  }
  await control('faults', [{ kind: 'html', times: 1 }]);
  await assert.rejects(stripe.balance.retrieve(), { type: 'StripeAPIError' });
  await control('faults', [{ kind: 'drop_before' }]); // the library tries a reset connection again, unasked
  await assert.rejects(stripe.balance.retrieve(), { type: 'StripeConnectionError' });
  await control('faults', []);
});

test('a lost answer, tried again under its key, makes one session', async () => {
  const patient = connect(undefined, { maxNetworkRetries: 2 });
  const before = (await stripe.checkout.sessions.list({ limit: 100 })).data.length;
  await control('faults', [{ method: 'POST', path: '/v1/checkout/sessions', kind: 'drop_after', times: 1 }]);
  const session = await patient.checkout.sessions.create(sale());
  assert.equal(session.status, 'open');
  assert.equal((await stripe.checkout.sessions.list({ limit: 100 })).data.length, before + 1);
});

test('products, prices, the balance and the account', async () => {
  const product = await stripe.products.create({ name: 'Poster', metadata: { a: 'b' } });
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 900, lookup_key: 'poster' });
  await stripe.products.update(product.id, { default_price: price.id, metadata: { a: '' } });
  const updated = await stripe.products.retrieve(product.id, { expand: ['default_price'] });
  assert.equal(updated.default_price.unit_amount, 900);
  assert.deepEqual(updated.metadata, {});
  assert.equal((await stripe.prices.list({ lookup_keys: ['poster'] })).data[0].id, price.id);
  const session = await stripe.checkout.sessions.create(sale({ line_items: [{ price: price.id, quantity: 3 }] }));
  assert.equal(session.amount_total, 2700);
  assert.equal((await stripe.balance.retrieve()).livemode, false);
  assert.equal((await stripe.accounts.retrieve()).charges_enabled, true);
});
