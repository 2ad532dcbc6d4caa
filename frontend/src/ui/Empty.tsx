import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** A place with nothing in it yet, and the way on. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}
