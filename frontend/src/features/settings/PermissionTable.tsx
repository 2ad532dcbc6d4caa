import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { permissionsQuery } from '~/api/connection';
import type { Problem } from '~/api/problem';
import { CopyButton } from '~/ui/CopyButton';
import styles from './PermissionTable.module.css';

/** What to tick at Stripe, in the words of its Dashboard; after a try, what was not ticked. */
export function PermissionTable({ missing }: { missing: Problem | undefined }) {
  const t = useTranslations('connect');
  const { data = [] } = useQuery(permissionsQuery);
  const list = data.map(({ name, access }) => `${name}: ${t(access)}`).join('\n');
  const lacks = missing ? `${missing.detail} ${Object.values(missing.params).join(' ')}` : '';
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
          {data.map(({ name, access, needed, for: purpose }) => (
            <tr key={name} data-missing={isIn(lacks, name) ? true : undefined}>
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
      <CopyButton name={t('copyList')} text={list} />
    </div>
  );
}

/** Whether a permission is named; "Prices" is not in "Tax Rates, Gift Prices of…" by accident of its letters. */
function isIn(text: string, name: string): boolean {
  const at = text.indexOf(name);
  return at >= 0 && !/[\p{L}]/u.test(text.charAt(at + name.length)) && !/[\p{L}]/u.test(text.charAt(at - 1));
}
