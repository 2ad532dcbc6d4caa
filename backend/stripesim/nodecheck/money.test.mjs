// Stripe's own Node library drives what becomes of money after a sale:
// disputes, refunds that wait, payouts and what they consist of. What it reads
// and sends is Stripe's word, not ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';

const address = process.env.STRIPE_SIM_ADDR;
assert.ok(address, 'STRIPE_SIM_ADDR says where the simulator listens');
const [host, port] = address.split(':');
const stripe = new Stripe('sk_test_training', { apiVersion: '2023-10-16', host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });

const control = async (path, body = {}) => {
  const response = await fetch(`http://${address}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(response.status, 200);
  return response.json();
};

async function sold(amount = 2400, currency = 'eur') {
  const intent = await stripe.paymentIntents.create({ amount, currency, payment_method_types: ['card'] });
  return stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa', expand: ['latest_charge'] });
}

test('a dispute, from the bank to its end', async () => {
  const intent = await sold();
  const { id } = await control('disputes', { payment: intent.id, reason: 'product_not_received' });
  const dispute = await stripe.disputes.retrieve(id, { expand: ['charge'] });
  assert.deepEqual([dispute.status, dispute.amount, dispute.reason, dispute.charge.disputed], ['needs_response', 2400, 'product_not_received', true]);
  assert.deepEqual(dispute.balance_transactions.map((b) => [b.type, b.reporting_category, b.net]), [['adjustment', 'dispute', -3900]]);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), { code: 'charge_disputed' });
  const answered = await stripe.disputes.update(id, { evidence: { uncategorized_text: 'Seen at the door' }, metadata: { order: '7' } });
  assert.deepEqual([answered.status, answered.evidence.uncategorized_text, answered.evidence_details.submission_count], ['under_review', 'Seen at the door', 1]);
  await control(`disputes/${id}/close`, { won: true });
  const listed = [];
  for await (const d of stripe.disputes.list({ payment_intent: intent.id, limit: 1 })) listed.push([d.id, d.status, d.balance_transactions.length]);
  assert.deepEqual(listed, [[id, 'won', 2]]);
  const lost = await control('disputes', { payment: (await sold()).id });
  assert.equal((await stripe.disputes.close(lost.id)).status, 'lost');
  const events = await stripe.events.list({ type: 'charge.dispute.funds_reinstated' });
  assert.deepEqual(events.data.map((e) => e.data.object.id), [id]);
});

test('a refund that waits for its buyer', async () => {
  const intent = await sold();
  const { id } = await control('refunds', { payment: intent.id, amount: 900, status: 'requires_action' });
  assert.equal((await stripe.refunds.retrieve(id)).next_action.type, 'display_details');
  const canceled = await stripe.refunds.cancel(id, { expand: ['failure_balance_transaction'] });
  assert.deepEqual([canceled.status, canceled.failure_balance_transaction.amount], ['canceled', 900]);
  await assert.rejects(stripe.refunds.cancel(id), { type: 'StripeInvalidRequestError' });
});

test('a payout and what it consists of', async () => {
  const intent = await sold(10_000, 'usd');
  const money = (await stripe.charges.retrieve(intent.latest_charge.id, { expand: ['balance_transaction'] })).balance_transaction;
  assert.deepEqual([money.amount, money.currency, money.exchange_rate], [9200, 'eur', 0.92]);
  const before = (await stripe.balance.retrieve()).available[0].amount;
  await control('clock', { advance: '72h' });
  const [payout] = (await stripe.payouts.list({ limit: 1 })).data;
  assert.ok(payout.automatic && payout.amount > 0 && before < payout.amount);
  await control('clock', { advance: '24h' });
  const paid = await stripe.payouts.retrieve(payout.id, { expand: ['balance_transaction'] });
  assert.deepEqual([paid.status, paid.reconciliation_status, paid.balance_transaction.amount], ['paid', 'completed', -payout.amount]);
  let sum = 0;
  const sources = new Set();
  for await (const b of stripe.balanceTransactions.list({ payout: payout.id, limit: 3, expand: ['data.source'] })) {
    if (b.type !== 'payout') sum += b.net;
    sources.add(b.source.object);
  }
  assert.equal(sum, payout.amount);
  assert.deepEqual([...sources].sort(), ['charge', 'dispute', 'payout', 'refund']);
  await control(`payouts/${payout.id}/fail`);
  assert.equal((await stripe.payouts.retrieve(payout.id)).failure_code, 'account_closed');
  assert.equal((await stripe.balance.retrieve()).available[0].amount, payout.amount);
});
