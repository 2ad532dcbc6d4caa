import { useTranslations } from 'use-intl';
import { orderCodeUrl } from '~/api/orders';
import type { Order } from '~/api/types';
import { lastTender, situation } from '~/domain/situation';
import { Icon, type IconName } from '~/ui/Icon';
import { usePrice } from '~/ui/Price';
import { QrImage } from '~/ui/QrImage';
import styles from './CodeFigure.module.css';

/** The QR code while it can be paid; before and after, what happens instead of it, in the same place. */
export function CodeFigure({ order }: { order: Order }) {
  const t = useTranslations();
  const price = usePrice();
  const state = situation(order);
  return (
    <div className={styles.place}>
      <figure className={styles.figure} data-state={state}>
        {state === 'waiting' ? (
          <QrImage
            key={lastTender(order)?.id}
            src={orderCodeUrl(order.id)}
            alt={t('code.qr', { amount: price(order.total) })}
          />
        ) : (
          <p className={styles.instead}>
            <Icon name={icons[state] ?? 'again'} size={56} />
            {t(`situations.${state}.says`)}
          </p>
        )}
      </figure>
    </div>
  );
}

const icons: Partial<Record<ReturnType<typeof situation>, IconName>> = { processing: 'clock' };
