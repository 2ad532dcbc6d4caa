import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** A place with nothing in it yet, and the way on. */
export function Empty({ title, children, action }: { title?: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      {title && <h1>{title}</h1>}
      <p>{children}</p>
      {action}
    </div>
  );
}
