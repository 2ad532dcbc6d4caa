import { useLocale, useTranslations } from 'use-intl';
import { showTime } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Price, usePrice } from '~/ui/Price';
import { Stepper } from '~/ui/Stepper';
import type { CartItem } from './cart';
import styles from './CartPanel.module.css';

interface CartLineRowProps {
  item: CartItem;
  showsPerformance: boolean;
  onQuantity: (quantity: number) => void;
}

/** One line of the cart, with a way out when others have taken its seats. */
export function CartLineRow({ item, showsPerformance, onQuantity }: CartLineRowProps) {
  const t = useTranslations('sell');
  const locale = useLocale();
  const write = usePrice();
  const { name, price, available } = item.ticketType;
  return (
    <li className={styles.line}>
      <span className={styles.name}>{name}</span>
      <div className={styles.meta}>
        <span>{t('each', { price: write(price) })}</span>
        {showsPerformance && <span>{showTime(item.performance.startsAt, item.event.timeZone, locale)}</span>}
      </div>
      <Stepper
        label={t('quantity', { name })}
        fewer={t('fewer', { name })}
        more={t('more', { name })}
        value={item.quantity}
        max={available}
        onChange={onQuantity}
      />
      <span className={styles.sum}>
        <Price amount={item.total} />
      </span>
      {item.isShort && (
        <div className={styles.short} role="status">
          <span>{t('shortage', { count: available })}</span>
          <Button onPress={() => onQuantity(available)}>{t('take', { count: available })}</Button>
        </div>
      )}
    </li>
  );
}
