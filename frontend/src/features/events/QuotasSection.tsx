import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { addQuota, quotasOf, sameForAll, uncovered } from './changes';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { QuotaRow } from './QuotaRow';
import { usePerformanceName } from './usePerformanceName';

/** How many seats there are for each performance, and which ticket types share them. */
export function QuotasSection() {
  const t = useTranslations('events');
  const { draft, change, faultAt } = useEditor();
  const nameOf = usePerformanceName();
  const fault = faultAt('quotas');
  return (
    <section className={styles.section} aria-labelledby="quotas">
      <h2 id="quotas">{t('quotas')}</h2>
      <p className={styles.note}>{t('quotasNote')}</p>
      {fault && (
        <p id={fieldId('quotas')} tabIndex={-1} className={styles.fault}>
          {fault}
        </p>
      )}
      <ol className={styles.rows}>
        {draft.performances.map((performance) => {
          const name = nameOf(performance);
          const missing = uncovered(draft, performance.id).map((type) => type.name.trim() || t('unnamed'));
          const own = quotasOf(draft, performance.id);
          return (
            <li key={performance.id} className={styles.card}>
              <h3>{name}</h3>
              {own.map((quota, index) => (
                <QuotaRow
                  key={quota.id}
                  quota={quota}
                  index={draft.quotas.indexOf(quota)}
                  label={t('quotaNumber', { number: index + 1, name })}
                />
              ))}
              {missing.length > 0 && (
                <p className={styles.warning}>
                  <Icon name="hand" size={20} />
                  <span>{t('uncovered', { name: missing.join(', ') })}</span>
                </p>
              )}
              <div className={styles.buttons}>
                <Button icon="plus" onPress={() => change(addQuota(draft, performance.id))}>
                  {t('addQuota')}
                </Button>
                {draft.performances.length > 1 && own.length > 0 && (
                  <Button onPress={() => change(sameForAll(draft, performance.id))}>{t('sameForAll')}</Button>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
