import { useTranslations } from 'use-intl';
import type { Connection } from '~/api/types';
import { Icon } from '~/ui/Icon';
import styles from './Troubles.module.css';

interface TroublesProps {
  troubles: Connection['warnings'];
  tone: 'warn' | 'bad';
}

/** What the till says about a connection, in its own sentences; the catalogue's where it has none. */
export function Troubles({ troubles, tone }: TroublesProps) {
  const t = useTranslations('problems');
  return (
    <ul className={styles.troubles} data-tone={tone}>
      {troubles.map(({ code, detail, next }) => (
        <li key={`${code} ${detail}`}>
          <Icon name="hand" />
          <p>
            <strong>{detail || t(`${code}.title`, { name: '', available: 0 })}</strong> {next || t(`${code}.money`)}
          </p>
        </li>
      ))}
    </ul>
  );
}
