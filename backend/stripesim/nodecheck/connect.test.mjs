// Keys, Connect's OAuth and webhooks of the simulator at STRIPE_SIM_ADDR, as
// Stripe's own Node library sees them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = process.env.STRIPE_SIM_ADDR;
assert.ok(address, 'STRIPE_SIM_ADDR says where the simulator listens');
const [host, port] = address.split(':');
const base = `http://${address}`;
const open = (key, more = {}) =>
  new Stripe(key, { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0, ...more });

const control = async (method, path, body) => {
  const response = await fetch(`${base}/_sim/${path}`, { method, body: body && JSON.stringify(body) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
};

const sale = {
  mode: 'payment',
  success_url: 'https://theatre.example/thanks',
  line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 1200, product_data: { name: 'Standard' } } }],
};
const callback = 'http://127.0.0.1:4380/connected';

// platform is the simulator's first account, with a key and a client_id.
const { client_id: clientID } = await control('POST', 'platforms', { redirect_uris: [callback] });
const { key: secret } = await control('POST', 'keys', {});
await control('POST', 'accounts', { id: 'acct_1Theatre', name: 'Little Theatre', country: 'FR', connected: false });
const platform = open(secret);
const theatre = { stripeAccount: 'acct_1Theatre' };

// consent presses a button of the page and returns the address that follows.
async function consent(decision, state) {
  const url = new URL(platform.oauth.authorizeUrl({ client_id: clientID, scope: 'read_write', redirect_uri: callback, state }));
  const page = await fetch(`${base}${url.pathname}${url.search}`);
  assert.equal(page.status, 200);
  const html = await page.text();
  const body = new URLSearchParams({ account: 'acct_1Theatre', decision });
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) body.append(name, value.replaceAll('&amp;', '&'));
  const response = await fetch(`${base}/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
  assert.equal(response.status, 303);
  return new URL(response.headers.get('location')).searchParams;
}

test('an account is connected, used, and lets go', async () => {
  await assert.rejects(platform.balance.retrieve(theatre), { type: 'StripePermissionError', code: 'account_invalid', statusCode: 403 });
  const denied = await consent('cancel', 'a');
  assert.deepEqual([denied.get('error'), denied.get('error_description'), denied.get('state')], ['access_denied', 'The user denied your request', 'a']);

  const back = await consent('connect', 'b & c');
  assert.deepEqual([back.get('scope'), back.get('state')], ['read_write', 'b & c']);
  const exchange = { grant_type: 'authorization_code', code: back.get('code') };
  const token = await platform.oauth.token(exchange, { host });
  assert.equal(token.stripe_user_id, 'acct_1Theatre');
  assert.equal(token.livemode, false);
  assert.equal(token.token_type, 'bearer');
  assert.match(token.stripe_publishable_key, /^pk_test_/);

  const session = await platform.checkout.sessions.create(sale, theatre);
  assert.equal((await open(token.access_token).checkout.sessions.retrieve(session.id)).id, session.id);
  await assert.rejects(platform.checkout.sessions.retrieve(session.id), { code: 'resource_missing' });
  assert.equal((await platform.accounts.retrieve('acct_1Theatre')).settings.dashboard.display_name, 'Little Theatre');

  const fresh = await platform.oauth.token({ grant_type: 'refresh_token', refresh_token: token.refresh_token }, { host });
  assert.equal((await open(fresh.access_token).accounts.retrieve()).id, 'acct_1Theatre');

  await assert.rejects(platform.oauth.token(exchange, { host }), { type: 'StripeInvalidGrantError', message: /has already been used/ });
  await assert.rejects(open(token.access_token).balance.retrieve(), { type: 'StripeAuthenticationError', code: 'platform_api_key_expired' });

  assert.equal((await platform.oauth.deauthorize({ client_id: clientID, stripe_user_id: 'acct_1Theatre' }, { host })).stripe_user_id, 'acct_1Theatre');
  await assert.rejects(platform.balance.retrieve(theatre), { type: 'StripePermissionError', code: 'account_invalid' });
});

test('a restricted key and an expired one', async () => {
  const { key } = await control('POST', 'keys', { kind: 'restricted', permissions: { events: 'read' } });
  const restricted = open(key);
  assert.equal((await restricted.events.list({ limit: 1 })).object, 'list');
  await assert.rejects(restricted.checkout.sessions.create(sale), {
    type: 'StripePermissionError', statusCode: 403, message: /Having the 'rak_checkout_session_write' permission would allow/,
  });
  await control('DELETE', `keys/${key}`);
  await assert.rejects(restricted.events.list(), { type: 'StripeAuthenticationError', code: 'api_key_expired', statusCode: 401 });
});

test('live mode is another set of books', async () => {
  const { key } = await control('POST', 'keys', { livemode: true });
  const session = await open(key).checkout.sessions.create(sale);
  assert.equal(session.livemode, true);
  assert.match(session.id, /^cs_live_/);
  assert.equal((await open(key).balance.retrieve()).livemode, true);
  await assert.rejects(platform.checkout.sessions.retrieve(session.id), { code: 'resource_missing' });
});

test('webhooks that the library accepts, and those that it refuses', async () => {
  const arrived = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      arrived.push({ signature: request.headers['stripe-signature'], body: Buffer.concat(chunks) });
      response.end();
      server.emit('told');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const hook = await control('POST', 'webhooks', { url: `http://127.0.0.1:${server.address().port}/`, events: ['product.created'] });
    const told = once(server, 'told');
    const product = await platform.products.create({ name: 'Poster' });
    await told;
    const { body, signature } = arrived.at(-1);
    const event = platform.webhooks.constructEvent(body, signature, hook.secret);
    assert.deepEqual([event.type, event.data.object.id, event.api_version], ['product.created', product.id, '2023-10-16']);
    for (const [kind, accepted] of [['again', true], ['replayed', true], ['unknown', true], ['oversized', true], ['forged', false], ['unsigned', false], ['old', false], ['altered', false]]) {
      await control('POST', 'webhooks/send', { kind });
      const sent = arrived.at(-1);
      const read = () => platform.webhooks.constructEvent(sent.body, sent.signature, hook.secret);
      if (accepted) assert.ok(read().id, kind);
      else assert.throws(read, { type: 'StripeSignatureVerificationError' }, kind);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
