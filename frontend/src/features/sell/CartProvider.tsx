import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { catalogueQuery } from '~/api/catalogue';
import type { LineItem } from '~/api/types';
import { newKey } from '~/domain/keys';
import { emptyCart, linesOf, withQuantity, type Cart, type LineKind } from './cart';

interface CartActions {
  cart: Cart;
  setQuantity: (line: LineKind, quantity: number) => void;
  setEmail: (email: string) => void;
  /** Starts over, with what an order had if there is one. */
  restart: (items?: readonly LineItem[]) => void;
  /** The till has given a definite answer: the same cart again is a new sale. */
  renewKey: () => void;
}

const CartContext = createContext<CartActions | null>(null);

/** The one cart of this screen; it outlives a look at the sales. */
export function CartProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [cart, setCart] = useState(() => emptyCart(freshKey()));
  const value = useMemo<CartActions>(
    () => ({
      cart,
      setQuantity: (line, quantity) => {
        const key = freshKey();
        setCart((old) => withQuantity(old, line, quantity, key));
      },
      setEmail: (buyerEmail) => {
        const key = freshKey();
        setCart((old) => ({ ...old, buyerEmail, key }));
      },
      restart: (items = []) => {
        const lines = linesOf(items, queries.getQueryData(catalogueQuery.queryKey));
        setCart({ ...emptyCart(freshKey()), lines });
      },
      renewKey: () => {
        const key = freshKey();
        setCart((old) => ({ ...old, key }));
      },
    }),
    [cart, queries],
  );
  return <CartContext value={value}>{children}</CartContext>;
}

export function useCart(): CartActions {
  const cart = use(CartContext);
  if (!cart) throw new Error('useCart needs a CartProvider');
  return cart;
}

function freshKey(): string {
  return newKey((bytes) => crypto.getRandomValues(bytes));
}
