import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { newKey } from '~/domain/keys';
import { emptyCart, withQuantity, type Cart, type CartLine } from './cart';

interface CartActions {
  cart: Cart;
  setQuantity: (line: Omit<CartLine, 'quantity'>, quantity: number) => void;
  setEmail: (email: string) => void;
  /** Starts over, with these lines if there are any. */
  restart: (lines?: readonly CartLine[]) => void;
  /** The till has given a definite answer: the same cart again is a new sale. */
  renewKey: () => void;
}

const CartContext = createContext<CartActions | null>(null);

/** The one cart of this screen; it outlives a look at the sales. */
export function CartProvider({ children }: { children: ReactNode }) {
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
      restart: (lines = []) => setCart({ ...emptyCart(freshKey()), lines }),
      renewKey: () => {
        const key = freshKey();
        setCart((old) => ({ ...old, key }));
      },
    }),
    [cart],
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
