import { Button } from 'react-aria-components/Button';
import { useLocale, useTranslations } from 'use-intl';
import type { TicketType } from '~/api/types';
import { showTime } from '~/domain/time';
import { Price, usePrice } from '~/ui/Price';
import styles from './TypeTile.module.css';

/** From here down the seats left are told as a warning. */
const few = 10;

interface TypeTileProps {
  type: TicketType;
  /** Of the event: times are told in it. */
  timeZone: string;
  /** The digit that adds one, when there is one. */
  keyHint: string | undefined;
  /** How many are in the cart. */
  quantity: number;
  onAdd: () => void;
}

/** A ticket type as a ticket: tap it to put one into the cart. */
export function TypeTile({ type, timeZone, keyHint, quantity, onAdd }: TypeTileProps) {
  const t = useTranslations('sell');
  const locale = useLocale();
  const write = usePrice();
  const soldOut = type.available <= 0;
  const { bounds, price } = type;
  function note() {
    if (!type.onSale) return type.saleFrom ? t('onSaleFrom', { time: showTime(type.saleFrom, timeZone, locale) }) : t('notOnSale');
    if (soldOut) return '';
    if (type.donation) return t('donation');
    return t(type.available <= few ? 'few' : 'left', { count: type.available });
  }
  return (
    <Button
      className={`perforated ${styles.tile}`}
      isDisabled={soldOut || !type.onSale}
      onPress={onAdd}
      data-in-cart={quantity > 0 || undefined}
    >
      <span className={styles.body}>
        <span className={styles.name}>{type.name}</span>
        {type.description && <span className={styles.description}>{type.description}</span>}
        <span className={styles.left} data-few={(!soldOut && type.onSale && type.available <= few) || undefined}>
          {note()}
        </span>
        {type.least > 1 && <span className={styles.description}>{t('atLeast', { count: type.least })}</span>}
      </span>
      <span className={styles.stub}>
        {soldOut ? (
          <span className={styles.soldOut}>{t('soldOut')}</span>
        ) : (
          <>
            <span className={styles.price}>
              {bounds ? t('from', { price: write({ minor: bounds.least, currency: price.currency }) }) : <Price amount={price} />}
            </span>
            {keyHint && (
              <kbd className={styles.key} aria-hidden="true">
                {keyHint}
              </kbd>
            )}
          </>
        )}
      </span>
      {quantity > 0 && (
        <span key={quantity} className={styles.count}>
          <span aria-hidden="true">{quantity}</span>
          <span className="visually-hidden">{t('inCart', { count: quantity })}</span>
        </span>
      )}
    </Button>
  );
}
