import { useTranslations } from 'use-intl';
import { Icon } from '~/ui/Icon';
import { TellingButton } from '~/ui/TellingButton';
import styles from './PayButton.module.css';

/** The one big button of the till, torn like a ticket. Its form decides what a tap does. */
export function PayButton({ isDisabled, isPaying }: { isDisabled: boolean; isPaying: boolean }) {
  const t = useTranslations();
  return (
    <TellingButton
      type="submit"
      className={`perforated ${styles.pay}`}
      isDisabled={isDisabled}
      aria-busy={isPaying}
      aria-keyshortcuts="P Enter"
    >
      <span className={styles.words}>
        <Icon name="phone" size={28} />
        {isPaying ? t('sell.paying') : t('sell.pay')}
      </span>
      <kbd className={styles.key} aria-hidden="true">
        {t('keys.enter')}
      </kbd>
    </TellingButton>
  );
}
