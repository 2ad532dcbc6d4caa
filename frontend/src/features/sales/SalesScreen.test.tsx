import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { OrderFilter } from '~/api/orders';
import { euro, order, paidOrder, poster, tender } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { refund } from '~/testkit/lateBuilders';
import { renderScreen } from '~/testkit/renderTill';
import { SalesScreen } from './SalesScreen';

function Sales({ onSell }: { onSell: () => void }) {
  const [filter, setFilter] = useState<OrderFilter>({ q: '', status: '' });
  return <SalesScreen filter={filter} onFilter={setFilter} onSell={onSell} />;
}

function sales(till: FakeTill) {
  const onSell = vi.fn();
  return { ...renderScreen(<Sales onSell={onSell} />, till), onSell };
}

function tillWith(...orders: ReturnType<typeof order>[]): FakeTill {
  const till = new FakeTill();
  till.orders = orders;
  return till;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => order({ id: `ord-${n}`, code: `C${String(n).padStart(5, '0')}` }));

const rows = () => within(screen.getByRole('list', { name: 'Sales, newest first' })).queryAllByRole('link');
const asked = (till: FakeTill) => till.seen.filter(({ path, query }) => path === '/api/orders' && query.get('limit') === '50');

describe('the list', () => {
  test('tells of each sale its code, what, to whom, for how much, and how it stands', async () => {
    sales(tillWith(paidOrder({ buyerEmail: 'ada@example.com' }), order({ id: 'ord-2', code: 'WAIT22' })));
    await screen.findByRole('list', { name: 'Sales, newest first' });
    const [first, second] = rows();
    for (const words of ['K7QF3M', '2 × Adult', 'ada@example.com', 'Visa ••4242', '€48.00', 'Paid']) {
      expect(first?.textContent).toContain(words);
    }
    expect(first?.getAttribute('href')).toBe('#/sales/ord-1');
    expect(second?.textContent).toContain('Waiting');
  });

  test('draws only what is in sight, fetches on before its end, and says where one is', async () => {
    const till = tillWith(...numbered(120));
    sales(till);
    await screen.findByRole('list', { name: 'Sales, newest first' });
    expect(rows().length).toBeLessThan(40);
    const items = within(screen.getByRole('list', { name: 'Sales, newest first' })).getAllByRole('listitem');
    expect(items[2]?.getAttribute('aria-posinset')).toBe('3');
    expect(items[2]?.getAttribute('aria-setsize')).toBe('-1');
    expect(asked(till).some(({ query }) => query.has('after'))).toBe(false);

    fireEvent.scroll(screen.getByRole('list', { name: 'Sales, newest first' }).parentElement!, { target: { scrollTop: 2_700 } });
    await waitFor(() => expect(asked(till).at(-1)?.query.get('after')).toBe('50'));
    await waitFor(() => expect(rows().some((row) => row.textContent.includes('C00052'))).toBe(true));
    expect(rows().length).toBeLessThan(40);
  });

  test('a change refetches it', async () => {
    const till = tillWith(order());
    sales(till);
    await screen.findByRole('list', { name: 'Sales, newest first' });
    act(() => till.move('ord-1', paidOrder()));
    await waitFor(() => expect(rows()[0]?.textContent).toContain('Paid'));
  });

  test('no sales yet: the way to one', async () => {
    const { user, onSell } = sales(tillWith());
    await user.click(await screen.findByRole('button', { name: 'Sell a ticket' }));
    expect(onSell).toHaveBeenCalledOnce();
  });

  test('a till that fails is said, and asked again', async () => {
    const till = tillWith(order());
    till.down(/GET \/api\/orders/, { status: 422, code: 'book_locked' });
    const { user } = sales(till);
    expect((await screen.findByRole('alert')).textContent).toContain('Another Willcall has this book open.');
    till.behave();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
  });
});

describe('finding', () => {
  test('by what is typed, with the key that leads there', async () => {
    const till = tillWith(order(), order({ id: 'ord-2', code: 'OTHER2' }));
    const { user } = sales(till);
    await screen.findByRole('list', { name: 'Sales, newest first' });
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByLabelText('Search'));
    await user.keyboard('OTHER2');
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]?.textContent).toContain('OTHER2');
    expect(asked(till).at(-1)?.query.get('q')).toBe('OTHER2');
  });

  test('by how it stands', async () => {
    const till = tillWith(order(), paidOrder({ id: 'ord-2', code: 'PAID22' }));
    const { user } = sales(till);
    await screen.findByRole('list', { name: 'Sales, newest first' });
    await user.click(within(screen.getByRole('radiogroup', { name: 'Show' })).getByRole('radio', { name: 'Paid' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(asked(till).at(-1)?.query.get('status')).toBe('paid');
  });

  test('nothing fits: the way back to all', async () => {
    const { user } = sales(tillWith(order({ status: 'canceled', tenders: [tender({ state: 'expired' })] })));
    await screen.findByRole('list', { name: 'Sales, newest first' });
    await user.type(screen.getByLabelText('Search'), 'nobody');
    await user.click(await screen.findByRole('button', { name: 'Show all sales' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(screen.getByLabelText<HTMLInputElement>('Search').value).toBe('');
  });
});

describe('money that went back', () => {
  test('is marked: all of it as how the sale stands, a part of it beside that', async () => {
    sales(
      tillWith(
        paidOrder({ status: 'refunded', refunded: 4800, refundable: 0 }),
        paidOrder({ id: 'ord-2', code: 'PART22', refunded: 1200, refundable: 3600 }),
        paidOrder({ id: 'ord-5', code: 'ASKD22', refunded: 1200, refunds: [refund({ amount: euro(1200), status: 'asked' })] }),
        paidOrder({ id: 'ord-3', code: 'BANK22', disputed: 4800, refundable: 0 }),
        paidOrder({ id: 'ord-4', code: 'KEPT22' }),
      ),
    );
    await screen.findByRole('list', { name: 'Sales, newest first' });
    const [whole, part, asked, bank, kept] = rows().map((row) => row.textContent);
    expect(whole).toContain('Refunded');
    expect(whole).not.toContain('back');
    expect(part).toContain('Paid€12.00 back');
    expect(asked).toContain('Paid€12.00 going back');
    expect(bank).toContain('PaidDisputed');
    expect(kept).not.toMatch(/back|Disputed/);
  });

  test('is found by how it stands', async () => {
    const till = tillWith(paidOrder(), paidOrder({ id: 'ord-2', code: 'BACK22', status: 'refunded' }));
    const { user } = sales(till);
    await screen.findByRole('list', { name: 'Sales, newest first' });
    await user.click(within(screen.getByRole('radiogroup', { name: 'Show' })).getByRole('radio', { name: 'Refunded' }));
    await waitFor(() => expect(rows().map((row) => row.textContent.slice(0, 6))).toEqual(['BACK22']));
    expect(asked(till).at(-1)?.query.get('status')).toBe('refunded');
  });
});

describe('by poster', () => {
  test('where there are no posters there is nothing to choose', async () => {
    sales(tillWith(paidOrder()));
    await screen.findByRole('list', { name: 'Sales, newest first' });
    expect(screen.queryByRole('button', { name: /By poster/ })).toBeNull();
  });

  test('narrows to one poster, and shows all again', async () => {
    const till = tillWith(paidOrder(), paidOrder({ id: 'ord-2', code: 'WALL22', posterId: 'pst-1' }));
    till.posters = [poster()];
    const { user } = sales(till);
    await user.click(await screen.findByRole('button', { name: /By poster/ }));
    await user.click(await screen.findByRole('option', { name: 'Poster 7KQ: Adult' }));
    await waitFor(() => expect(rows().map((row) => row.textContent.slice(0, 6))).toEqual(['WALL22']));
    expect(asked(till).at(-1)?.query.get('poster')).toBe('pst-1');
    await user.click(screen.getByRole('button', { name: /By poster/ }));
    await user.click(await screen.findByRole('option', { name: 'All ways' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
  });
});
