// The stand-in for Stripe.js in two windows of jsdom: the merchant's page and
// the frame in it, joined by messages as a browser joins them. jsdom is the
// frontend's; where that is not installed, and WILLCALL_REQUIRE_NODE is not 1,
// there is nothing to run this in.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = process.env.STRIPE_SIM_ADDR;
assert.ok(address, 'STRIPE_SIM_ADDR says where the simulator listens');
const [host, port] = address.split(':');
const base = `http://${address}`;
const api = new Stripe('sk_test_training', { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false });
const merchant = 'http://127.0.0.1:5173';

let JSDOM;
try {
  ({ JSDOM } = createRequire(new URL('../../../frontend/package.json', import.meta.url))('jsdom'));
} catch (missing) {
  if (process.env.WILLCALL_REQUIRE_NODE === '1') throw missing;
}
const check = (name, run) => test(name, { skip: !JSDOM && 'the frontend is not installed' }, run);

const text = async (path) => (await fetch(`${base}${path}`)).text();
const soon = (ready, what) => new Promise((resolve, reject) => {
  const end = Date.now() + 5000;
  const look = () => (ready() ? resolve() : Date.now() > end ? reject(new Error(`waited in vain: ${what}`)) : setTimeout(look, 5));
  look();
});

// browser opens the merchant's page with Stripe.js in it. Heard are all
// messages that reached the page: what the merchant's own code could read.
async function browser() {
  const heard = [];
  const dom = new JSDOM('<div id="here"></div>', { url: `${merchant}/pay`, runScripts: 'outside-only' });
  const page = dom.window;
  page.fetch = fetch;
  Object.defineProperty(page.document, 'currentScript', { value: { src: `${base}/elements/stripe.js` } });
  page.eval(await text('/elements/stripe.js'));
  page.addEventListener('message', (event) => heard.push(event.data));

  // connect gives the frame in the page its inside, and joins the two.
  const connect = async () => {
    const frame = page.document.querySelector('iframe');
    assert.equal(frame.src, `${base}/elements/frame`);
    const inside = new JSDOM(await text('/elements/frame'), { url: frame.src, runScripts: 'outside-only' }).window;
    inside.fetch = (path, init) => fetch(new URL(path, `${base}/elements/frame`), init);
    const outside = {
      postMessage: (data) => page.dispatchEvent(new page.MessageEvent('message', { data: structuredClone(data), origin: base, source: frame.contentWindow })),
    };
    Object.defineProperty(inside, 'parent', { value: inside });
    inside.postMessage = outside.postMessage;
    frame.contentWindow.postMessage = (data, target) => {
      assert.equal(target, base, 'messages go to the simulator alone');
      inside.dispatchEvent(new inside.MessageEvent('message', { data: structuredClone(data), origin: merchant, source: inside }));
    };
    inside.eval(await text('/elements/frame.js'));
    return inside;
  };
  return { page, connect, heard };
}

// form mounts a Payment Element for a new payment.
async function form(options = {}) {
  const intent = await api.paymentIntents.create({ amount: 1200, currency: 'eur' });
  const { page, connect, heard } = await browser();
  const stripe = page.Stripe('pk_test_training', { locale: 'en' });
  const elements = stripe.elements({ clientSecret: intent.client_secret, appearance: { theme: 'night', variables: { colorPrimary: '#ff0000' } }, ...options });
  const element = elements.create('payment');
  const events = [];
  for (const name of ['ready', 'change', 'loaderror']) element.on(name, (payload) => events.push([name, payload]));
  element.mount('#here');
  const inside = await connect();
  await soon(() => events.length > 0, 'ready or loaderror');
  const type = (number, expiry = '12 / 40', cvc = '123') => {
    Object.entries({ number, expiry, cvc }).forEach(([name, value]) => { inside.document.getElementById(name).value = value; });
    inside.document.getElementById('number').dispatchEvent(new inside.Event('input', { bubbles: true }));
  };
  return { intent, page, stripe, elements, element, events, inside, type, heard };
}

check('it has what the wrappers look for', async () => {
  const { page } = await browser();
  const stripe = page.Stripe('pk_test_training', { stripeAccount: 'acct_1' });
  for (const name of ['elements', 'createToken', 'createPaymentMethod', 'confirmCardPayment', 'confirmPayment', 'retrievePaymentIntent', 'registerAppInfo', '_registerWrapper']) {
    assert.equal(typeof stripe[name], 'function', name);
  }
  assert.equal(typeof page.Stripe.version, 'string');
  assert.match((await stripe.createToken()).error.message, /confirmPayment only/);
  assert.throws(() => page.Stripe('sk_test_training'), /publishable key/);
  assert.throws(() => stripe.elements().create('card'), /Payment Element only/);
});

check('a card that pays', async () => {
  const { intent, stripe, elements, element, events, inside, type, heard } = await form();
  assert.equal(events[0][0], 'ready');
  assert.equal(events[0][1], element);
  assert.equal(elements.getElement('payment'), element);
  assert.equal(inside.document.documentElement.dataset.theme, 'night');
  assert.equal(inside.document.documentElement.style.getPropertyValue('--primary'), '#ff0000');
  assert.equal((await elements.submit()).error.code, 'incomplete_number');
  type('4242 4242 4242 4242');
  assert.deepEqual([events.at(-1)[0], events.at(-1)[1].complete, events.at(-1)[1].empty], ['change', true, false]);
  assert.equal((await elements.submit()).error, undefined);
  const { paymentIntent, error } = await stripe.confirmPayment({ elements, redirect: 'if_required' });
  assert.equal(error, undefined);
  assert.deepEqual([paymentIntent.id, paymentIntent.status], [intent.id, 'succeeded']);
  assert.equal((await api.paymentIntents.retrieve(intent.id)).status, 'succeeded');
  assert.equal((await stripe.retrievePaymentIntent(intent.client_secret)).paymentIntent.status, 'succeeded');
  assert.doesNotMatch(JSON.stringify(heard), /4242/, 'the page has heard the number');
});

check('declines are told to the buyer and to the page', async () => {
  const { stripe, elements, inside, type } = await form();
  const confirm = () => stripe.confirmPayment({ elements, redirect: 'if_required' });
  const alert = inside.document.getElementById('error');
  for (const [typed, code, decline, message] of [
    [['4242 4242'], 'incomplete_number', undefined, /number is incomplete/],
    [['4242424242424242', '1'], 'incomplete_expiry', undefined, /expiration date is incomplete/],
    [['4242424242424242', '12/40', '1'], 'incomplete_cvc', undefined, /security code is incomplete/],
    [['4242424242424241'], 'incorrect_number', undefined, /number is invalid/],
    [['4000000000000002'], 'card_declined', 'generic_decline', /declined/],
    [['4000000000009995'], 'card_declined', 'insufficient_funds', /insufficient funds/],
  ]) {
    type(...typed);
    const { error } = await confirm();
    assert.deepEqual([error.code, error.decline_code], [code, decline]);
    assert.match(error.message, message);
    assert.equal(alert.hidden, false);
    assert.equal(alert.textContent, error.message);
  }
  type('4242424242424242');
  assert.equal((await confirm()).paymentIntent.status, 'succeeded', 'the same form, another card');
  assert.equal(alert.hidden, true);
});

for (const [outcome, want] of [['complete', 'succeeded'], ['fail', 'payment_intent_authentication_failure']]) {
  check(`3-D Secure: ${outcome}`, async () => {
    const { stripe, elements, inside, type } = await form();
    type('4000002760003184');
    const confirming = stripe.confirmPayment({ elements, redirect: 'if_required' });
    const bank = inside.document.getElementById('bank');
    await soon(() => !bank.hidden, 'the bank\'s question');
    assert.equal(inside.document.getElementById('card-form').hidden, true);
    assert.match((await stripe.confirmPayment({ elements, redirect: 'if_required' })).error.message, /being made already/);
    bank.querySelector(`[data-outcome=${outcome}]`).click();
    const { paymentIntent, error } = await confirming;
    assert.equal(paymentIntent ? paymentIntent.status : error.code, want);
    assert.equal(bank.hidden, true);
  });
}

check('a payment that is not there, and a form that goes away', async () => {
  const lost = await form({ clientSecret: 'pi_x_secret_y' });
  assert.deepEqual([lost.events[0][0], lost.events[0][1].error.code], ['loaderror', 'resource_missing']);

  const { page, stripe, elements, element, inside, type } = await form();
  type('4000002760003184');
  const confirming = stripe.confirmPayment({ elements, redirect: 'if_required' });
  await soon(() => !inside.document.getElementById('bank').hidden, 'the bank\'s question');
  element.destroy();
  assert.match((await confirming).error.message, /went away/);
  assert.equal(page.document.querySelector('iframe'), null);
  assert.equal(elements.getElement('payment'), null);
  elements.create('payment').mount(page.document.getElementById('here'));
  assert.ok(page.document.querySelector('iframe'), 'a second form, as React mounts it twice');
});

check('strangers are not heard', async () => {
  const { page, events, inside, element } = await form();
  const before = events.length;
  page.dispatchEvent(new page.MessageEvent('message', { data: { stripe: 'change', complete: true }, origin: 'https://evil.example', source: page.document.querySelector('iframe').contentWindow }));
  page.dispatchEvent(new page.MessageEvent('message', { data: { stripe: 'change', complete: true }, origin: base, source: page }));
  assert.equal(events.length, before);
  inside.document.getElementById('number').value = '4242';
  inside.dispatchEvent(new inside.MessageEvent('message', { data: { stripe: 'clear' }, origin: 'https://evil.example', source: inside }));
  assert.equal(inside.document.getElementById('number').value, '4242');
  element.clear();
  assert.equal(inside.document.getElementById('number').value, '');
});
