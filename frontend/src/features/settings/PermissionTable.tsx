import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { permissionsQuery } from '~/api/connection';
import type { Problem } from '~/api/problem';
import { CopyButton } from '~/ui/CopyButton';
import styles from './PermissionTable.module.css';

/** What to tick at Stripe, in the words of its Dashboard; after a try, what was not ticked. */
export function PermissionTable({ missing }: { missing: Problem | undefined }) {
  const t = useTranslations('connect');
  const { data } = useQuery(permissionsQuery);
  const permissions = data?.permissions ?? [];
  const list = permissions.map(({ name, access }) => `${name}: ${t(access)}`).join('\n');
  const lacks = missing?.params.missing?.toLowerCase().split(', ') ?? [];
  return (
    <div className={styles.permissions}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('resource')}</th>
            <th scope="col">{t('access')}</th>
            <th scope="col">{t('for')}</th>
          </tr>
        </thead>
        <tbody>
          {permissions.map(({ name, access, needed, for: purpose }) => (
            <tr key={`${name} ${access}`} data-missing={isIn(lacks, name) ? true : undefined}>
              <th scope="row">{isIn(lacks, name) ? t('missing', { name }) : name}</th>
              <td>
                {t(access)}
                {!needed && <small>{t('optional')}</small>}
              </td>
              <td>{purpose}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data?.form && (
        <p>
          <a href={data.form} target="_blank" rel="noreferrer">
            {t('makeKey')}
          </a>
        </p>
      )}
      <CopyButton name={t('copyList')} text={list} />
    </div>
  );
}

/** Whether the till named it among what is missing: `Checkout Sessions: Write`. */
function isIn(lacks: readonly string[], name: string): boolean {
  return lacks.some((lack) => lack.startsWith(`${name}: `.toLowerCase()));
}
