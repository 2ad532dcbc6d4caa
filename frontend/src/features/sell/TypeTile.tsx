import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import type { TicketType } from '~/api/types';
import { Price } from '~/ui/Price';
import styles from './TypeTile.module.css';

/** From here down the seats left are told as a warning. */
const few = 10;

interface TypeTileProps {
  type: TicketType;
  /** The digit that adds one, when there is one. */
  keyHint: string | undefined;
  /** How many are in the cart. */
  quantity: number;
  onAdd: () => void;
}

/** A ticket type as a ticket: tap it to put one into the cart. */
export function TypeTile({ type, keyHint, quantity, onAdd }: TypeTileProps) {
  const t = useTranslations('sell');
  const soldOut = type.available <= 0;
  return (
    <Button
      className={`perforated ${styles.tile}`}
      isDisabled={soldOut}
      onPress={onAdd}
      data-in-cart={quantity > 0 || undefined}
    >
      <span className={styles.body}>
        <span className={styles.name}>{type.name}</span>
        {type.description && <span className={styles.description}>{type.description}</span>}
        <span className={styles.left} data-few={(!soldOut && type.available <= few) || undefined}>
          {!soldOut && t(type.available <= few ? 'few' : 'left', { count: type.available })}
        </span>
      </span>
      <span className={styles.stub}>
        {soldOut ? (
          <span className={styles.soldOut}>{t('soldOut')}</span>
        ) : (
          <>
            <span className={styles.price}>
              <Price amount={type.price} />
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
