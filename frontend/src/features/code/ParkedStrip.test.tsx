import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Order } from '~/api/types';
import { order, paidOrder, tender } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { useParked } from './ParkedProvider';
import { ParkedStrip } from './ParkedStrip';

const first = order({ id: 'first', code: 'FRST22', tenders: [tender({ expiresAt: '2026-11-21T12:05:09Z' })] });
const second = order({ id: 'second', code: 'SCND33', tenders: [tender({ expiresAt: '2026-11-21T12:25:00Z' })] });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
  return () => vi.useRealTimers();
});

function strip(till: FakeTill, onScreen?: string) {
  const onOpen = vi.fn<(order: Order) => void>();
  return { ...renderScreen(<ParkedStrip onScreen={onScreen} onOpen={onOpen} />, till), onOpen };
}

function tillWith(...orders: Order[]): FakeTill {
  const till = new FakeTill();
  till.orders = orders;
  return till;
}

const chips = () => within(screen.getByRole('region', { name: 'Codes that wait' })).queryAllByRole('button');
const codes = () => chips().map((chip) => /[A-Z]{4}\d\d/.exec(chip.textContent)?.[0]);

describe('the strip', () => {
  test('is there when nothing waits', () => {
    strip(tillWith());
    expect(screen.getByText('No codes are waiting')).toBeDefined();
  });

  test('shows code, amount, state and time left; the soonest first', async () => {
    strip(tillWith(second, first));
    await waitFor(() => expect(codes()).toEqual(['FRST22', 'SCND33']));
    expect(chips()[0]?.textContent).toContain('€48.00');
    expect(chips()[0]?.textContent).toContain('Waiting');
    expect(chips()[0]?.textContent).toContain('5:09');
  });

  test('leaves out what is on the screen', async () => {
    strip(tillWith(second, first), 'first');
    await waitFor(() => expect(codes()).toEqual(['SCND33']));
  });

  test('opens a code by tap and the first one by key', async () => {
    const { user, onOpen } = strip(tillWith(second, first));
    await waitFor(() => expect(chips()).toHaveLength(2));
    await user.click(chips()[1]!);
    await user.keyboard('o');
    expect(onOpen.mock.calls.map(([{ id }]) => id)).toEqual(['second', 'first']);
  });
});

describe('a parked code that ends', () => {
  test('paid: comes to the front, is told at once, and stays', async () => {
    const till = tillWith(second, first);
    strip(till);
    await waitFor(() => expect(chips()).toHaveLength(2));
    const focused = document.activeElement;
    act(() => till.move('second', { ...paidOrder(), id: 'second', code: 'SCND33' }));
    await waitFor(() => expect(codes()).toEqual(['SCND33', 'FRST22']));
    expect(chips()[0]?.textContent).toContain('Paid');
    expect(screen.getByText('Paid. €48.00, order SCND33.').closest('[aria-live]')?.getAttribute('aria-live')).toBe('assertive');
    expect(document.activeElement).toBe(focused);
  });

  test('does not move under a pointer', async () => {
    const till = tillWith(second, first);
    strip(till);
    await waitFor(() => expect(chips()).toHaveLength(2));
    const region = screen.getByRole('region', { name: 'Codes that wait' });
    fireEvent.pointerEnter(region);
    act(() => till.move('second', { ...paidOrder(), id: 'second', code: 'SCND33' }));
    await waitFor(() => expect(chips()[1]?.textContent).toContain('Paid'));
    expect(codes()).toEqual(['FRST22', 'SCND33']);
    fireEvent.pointerLeave(region);
    expect(codes()).toEqual(['SCND33', 'FRST22']);
  });

  test('run out by itself: needs a hand; cancelled by the cashier: goes away', async () => {
    const till = tillWith(second, first);
    strip(till);
    await waitFor(() => expect(chips()).toHaveLength(2));
    act(() => till.move('second', { status: 'expired', tenders: [tender({ state: 'expired' })] }));
    await waitFor(() => expect(codes()).toEqual(['SCND33', 'FRST22']));
    expect(screen.getByText('Order SCND33: The time ran out')).toBeDefined();
    act(() => till.move('first', { status: 'canceled', tenders: [tender({ state: 'expired', cancelAsked: true })] }));
    await waitFor(() => expect(codes()).toEqual(['SCND33']));
  });

  test('outlives a reload, until somebody has looked', async () => {
    const till = tillWith(first);
    const before = strip(till);
    await waitFor(() => expect(chips()).toHaveLength(1));
    before.unmount();
    act(() => till.move('first', { ...paidOrder(), id: 'first', code: 'FRST22' }));

    function Look() {
      const { acknowledge } = useParked();
      return <button onClick={() => acknowledge('first')}>{'look'}</button>;
    }
    const { user } = renderScreen(
      <>
        <ParkedStrip onScreen={undefined} onOpen={vi.fn()} />
        <Look />
      </>,
      till,
    );
    await waitFor(() => expect(chips()[0]?.textContent).toContain('Paid'));
    await user.click(screen.getByRole('button', { name: 'look' }));
    expect(chips()).toHaveLength(0);
    expect(window.sessionStorage.getItem('willcall.watched')).toBe('[]');
  });

  test('a code that had to wait for Stripe is told when it can be scanned', async () => {
    const till = tillWith(order({ id: 'first', code: 'FRST22', tenders: [tender({ state: 'starting' })] }));
    strip(till);
    await waitFor(() => expect(chips()[0]?.textContent).toContain('No answer yet'));
    act(() => till.move('first', { tenders: [tender()] }));
    expect(await screen.findByText('Order FRST22: Waiting for the buyer')).toBeDefined();
  });
});

test('a store with nonsense in it is no trouble', async () => {
  window.sessionStorage.setItem('willcall.watched', '{"not":"a list"');
  strip(tillWith(first));
  await waitFor(() => expect(codes()).toEqual(['FRST22']));
});
