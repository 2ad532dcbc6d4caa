import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Payment } from '~/api/types';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import styles from './PayFrame.module.css';
import type { Standing } from './standing';

interface PayFrameProps {
  payment?: Payment;
  standing?: Standing;
  /** The till does not answer at the moment; what is shown may be old. */
  isLost?: boolean;
  children: ReactNode;
}

/** What is always in sight: training or not, how much, and which order. There is no way out of it to click on. */
export function PayFrame({ payment, standing, isLost = false, children }: PayFrameProps) {
  const t = useTranslations('pay');
  return (
    <div className={styles.page} data-standing={standing}>
      {payment?.mode === 'training' && (
        <header className={styles.band}>
          <strong>{t('training')}</strong> <span>{t('noRealMoney')}</span>
        </header>
      )}
      <main className={styles.main}>
        <div className={`perforated ${styles.stub}`} data-across>
          <h1>{t('title')}</h1>
          {payment && (
            <>
              <p className={styles.amount}>
                <Price amount={payment.amount} />
              </p>
              <p className={styles.code}>
                {t('order')} <strong>{payment.orderCode}</strong>
              </p>
            </>
          )}
        </div>
        <div className={styles.body}>
          {isLost && (
            <div role="alert" className={styles.lost}>
              <Icon name="hand" size={30} />
              <p>
                <strong>{t('lost')}</strong> {t('lostMoney')}
              </p>
            </div>
          )}
          {children}
        </div>
      </main>
    </div>
  );
}
