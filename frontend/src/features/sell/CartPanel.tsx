import { useId, type ReactNode, type Ref } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Price } from '~/ui/Price';
import { TextField } from '~/ui/TextField';
import { canPay, stepped, totalsOf, type CartItem } from './cart';
import { CartLineRow } from './CartLineRow';
import styles from './CartPanel.module.css';
import { useCart } from './CartProvider';
import { PayButton } from './PayButton';

interface CartPanelProps {
  items: readonly CartItem[];
  showsPerformance: boolean;
  isPaying: boolean;
  emailRef: Ref<HTMLInputElement>;
  emailRejected: boolean;
  /** What went wrong with the last try, to stand beside the button that was tapped. */
  problem: ReactNode;
  onPay: () => void;
  /** Has a card typed at the till; absent where none can be. */
  onCard: (() => void) | undefined;
  /** The cart is being changed: an old failure says nothing any more. */
  onChange: () => void;
}

/** What is being sold, to whom, for how much, and the button that makes the code. */
export function CartPanel({ items, showsPerformance, isPaying, problem, onPay, onCard, onChange, ...email }: CartPanelProps) {
  const t = useTranslations('sell');
  const { cart, setQuantity, setEmail, restart } = useCart();
  const heading = useId();
  const { seats, amounts } = totalsOf(items);
  const set = (item: CartItem, quantity: number) => {
    if (isPaying) return;
    onChange();
    setQuantity(item, quantity);
  };

  return (
    <form
      className={styles.panel}
      aria-labelledby={heading}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onPay();
      }}
    >
      <div className={styles.head}>
        <h2 id={heading}>{t('cart')}</h2>
        {items.length > 0 && (
          <Button
            look="quiet"
            isDisabled={isPaying}
            onPress={() => {
              onChange();
              restart();
            }}
          >
            {t('clear')}
          </Button>
        )}
      </div>
      <div className={styles.lines}>
        {items.length === 0 && <p className={styles.empty}>{t('cartEmpty')}</p>}
        <ul>
          {items.map((item) => (
            <CartLineRow
              key={`${item.performanceId} ${item.ticketTypeId} ${item.chosen ?? ''}`}
              item={item}
              showsPerformance={showsPerformance}
              onStep={(by) => set(item, stepped(cart, item, item.ticketType, by))}
              onQuantity={(quantity) => set(item, quantity)}
            />
          ))}
        </ul>
      </div>
      <div className={styles.email}>
        <TextField
          label={t('email')}
          hint={t('emailHint')}
          type="email"
          autoComplete="off"
          value={cart.buyerEmail}
          onChange={(email) => {
            onChange();
            setEmail(email);
          }}
          inputRef={email.emailRef}
          error={email.emailRejected ? t('emailWrong') : undefined}
        />
      </div>
      <div className={styles.foot}>
        {problem}
        <p className={styles.total}>
          <span>{t('total')}</span>
          <span className={styles.seats}>{t('seats', { count: seats })}</span>
          <strong>
            {amounts.map((amount) => (
              <span key={amount.currency}>
                <Price amount={amount} />
              </span>
            ))}
          </strong>
        </p>
        <PayButton isDisabled={!canPay(items)} isPaying={isPaying} />
        {onCard && (
          <Button wide icon="card" keyHint="K" aria-keyshortcuts="K" isDisabled={!canPay(items) || isPaying} onPress={onCard}>
            {t('card')}
          </Button>
        )}
      </div>
    </form>
  );
}
