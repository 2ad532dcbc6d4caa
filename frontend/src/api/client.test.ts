import { describe, expect, test, vi } from 'vitest';
import { FakeTill } from '~/testkit/fakeTill';
import { order } from '~/testkit/builders';
import { answered, client } from './client';
import { cancelOrder, orderCodeUrl, placeOrder, ticketCodeUrl } from './orders';
import { Problem, remedies } from './problem';

function fakeTill(): FakeTill {
  const till = new FakeTill();
  vi.stubGlobal('fetch', till.fetch);
  return till;
}

const failed = (call: Promise<unknown>) => call.then(() => undefined, (error: unknown) => error);
const body = { lineItems: [{ performanceId: 'saturday', ticketTypeId: 'adult', quantity: 2 }] };

test('an answer is its data; the key goes along as a header, the body as JSON', async () => {
  const till = fakeTill();
  const placed = await placeOrder('key-0001', { ...body, buyerEmail: 'ada@example.com' });
  expect(placed.code).toBe('CODE1');
  expect(till.seen).toMatchObject([
    { method: 'POST', path: '/api/orders', key: 'key-0001', body: { ...body, buyerEmail: 'ada@example.com' } },
  ]);
});

describe('what is no answer is a Problem', () => {
  test.each([
    ['problem+json', { status: 409, code: 'sold_out', detail: 'Three left.', params: { name: 'Adult', available: '3' } }, 'sold_out', 409, false],
    ['a problem without parameters', { status: 503, code: 'disk_full' }, 'disk_full', 503, true],
    ['a no of Stripe’s, which is an answer', { status: 502, code: 'stripe_refused' }, 'stripe_refused', 502, false],
    ['Stripe away, so that nothing was asked', { status: 503, code: 'stripe_unreachable' }, 'stripe_unreachable', 503, false],
    ['a key that Stripe does not take', { status: 502, code: 'stripe_key' }, 'stripe_key', 502, false],
    ['a permission that the key lacks', { status: 502, code: 'stripe_permission' }, 'stripe_permission', 502, false],
    ['a code that no screen knows', { status: 418, code: 'teapot' as never }, 'internal', 418, false],
    ['no connection', new TypeError('Failed to fetch'), 'no_answer', 0, true],
  ] as const)('%s', async (_, mishap, code, status, outcomeUnknown) => {
    fakeTill().fail(/POST/, mishap);
    const problem = await failed(placeOrder('key-0001', body));
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code, status, outcomeUnknown });
  });

  test('a page that is not the API’s, with status 200', async () => {
    fakeTill().fail(/GET/, '<!doctype html><title>Log in to the hotel</title>');
    const problem = await failed(answered(client.GET('/api/status')));
    expect(problem).toMatchObject({ code: 'no_answer' });
  });

  test('the parameters and the server’s sentence are kept', async () => {
    fakeTill().fail(/POST/, { status: 409, code: 'sold_out', detail: 'Three left.', params: { name: 'Adult' } });
    expect(await failed(placeOrder('key-0001', body))).toMatchObject({
      detail: 'Three left.',
      params: { name: 'Adult' },
      message: 'sold_out: Three left.',
      remedy: 'refresh',
    });
  });
});

test('a request that was given up stays an AbortError: nobody has to be told', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('given up', 'AbortError')));
  expect(await failed(cancelOrder('ord-1'))).toMatchObject({ name: 'AbortError' });
});

test('every failure has a next step', () => {
  expect(Object.values(remedies).every(Boolean)).toBe(true);
  expect(new Problem('bad_email', '').remedy).toBe('correct');
});

test('addresses of codes hold whatever an id holds', () => {
  expect(orderCodeUrl('ord/1')).toBe('/api/orders/ord%2F1/code.svg');
  expect(ticketCodeUrl(order().id)).toBe('/api/tickets/ord-1/code.svg');
});
