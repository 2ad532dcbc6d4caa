// The yardstick of `make bench`: Stripe's own Node library reads all events of
// a time as its documentation says, a hundred a page, one page after another.
// It does nothing with them.
import Stripe from 'stripe';

const [address, from, to] = process.argv.slice(2);
const [host, port] = address.split(':');
const stripe = new Stripe('sk_test_training', { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false });

const began = performance.now();
let events = 0;
let pages = 0;
let page;
do {
  const last = page?.data.at(-1).id;
  page = await stripe.events.list({ limit: 100, created: { gte: Number(from), lte: Number(to) }, ...(last && { starting_after: last }) });
  events += page.data.length;
  pages += 1;
} while (page.has_more);
console.log(JSON.stringify({ events, pages, ms: performance.now() - began }));
