import { useId, type ReactNode } from 'react';
import styles from './Section.module.css';

interface SectionProps {
  title: string;
  lead?: ReactNode;
  /** How it stands, in a word beside the title. */
  mark?: ReactNode;
  children?: ReactNode;
}

/** One sheet of the settings. */
export function Section({ title, lead, mark, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.section}>
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {mark}
      </header>
      {lead && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}

/** How something stands: a shape of its own, a word, a colour. */
export function Mark({ tone, children }: { tone: 'good' | 'warn' | 'bad' | 'over'; children: ReactNode }) {
  return (
    <span className={styles.mark} data-tone={tone}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        {tone === 'good' && <circle cx="7" cy="7" r="6" fill="currentColor" />}
        {tone === 'over' && <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="2.4" />}
        {tone === 'warn' && <path d="M7 1 13 13H1z" fill="currentColor" />}
        {tone === 'bad' && <path d="M2 2h10v10H2z" fill="currentColor" />}
      </svg>
      {children}
    </span>
  );
}

/** Facts, each with its name. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The buttons at the foot of a sheet. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
