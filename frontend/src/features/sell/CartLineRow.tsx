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
  onStep: (by: 1 | -1) => void;
  onQuantity: (quantity: number) => void;
}

/** One line of the cart, with a way out when others have taken its seats. */
export function CartLineRow({ item, showsPerformance, onStep, onQuantity }: CartLineRowProps) {
  const t = useTranslations('sell');
  const locale = useLocale();
  const write = usePrice();
  const { name, least, most, available } = item.ticketType;
  const isAtMost = !item.isShort && item.quantity >= item.max && item.max < available;
  return (
    <li className={styles.line}>
      <span className={styles.name}>{name}</span>
      <div className={styles.meta}>
        <span>{t('each', { price: write(item.price) })}</span>
        {isAtMost && <span>{t('atMost', { count: most })}</span>}
        {showsPerformance && <span>{showTime(item.performance.startsAt, item.event.timeZone, locale)}</span>}
      </div>
      <Stepper
        label={t('quantity', { name })}
        fewer={t('fewer', { name })}
        more={t('more', { name })}
        value={item.quantity}
        max={item.max}
        onChange={(quantity) => onStep(quantity > item.quantity ? 1 : -1)}
      />
      <span className={styles.sum}>
        <Price amount={item.total} />
      </span>
      {item.isShort && (
        <div className={styles.short} role="status">
          <span>{t('shortage', { count: available })}</span>
          <Button onPress={() => onQuantity(item.max)}>{t('take', { count: item.max })}</Button>
        </div>
      )}
      {item.missing !== undefined && (
        <div className={styles.short} role="status">
          <span>{t('tooFew', { count: item.missing, of: least })}</span>
        </div>
      )}
    </li>
  );
}
