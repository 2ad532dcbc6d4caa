import { useTranslations } from 'use-intl';
import type { Reconciliation } from '~/api/reconciliation';
import styles from './Health.module.css';

/** Why the book does not keep up, and what it means for the money. */
export function Trouble({ problem }: { problem: NonNullable<Reconciliation['problem']> }) {
  const t = useTranslations('problems');
  return (
    <p className={styles.trouble}>
      <strong>{t(`${problem.code}.title`, { name: '', available: 0 })}</strong> {t(`${problem.code}.money`)}
    </p>
  );
}
