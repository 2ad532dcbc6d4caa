import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { addPerformance, removePerformance, withPerformance, withStart } from './changes';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { usePerformanceName } from './usePerformanceName';
import { WallField } from './WallField';

/** When the event is: each performance with its doors. */
export function PerformancesSection() {
  const t = useTranslations('events');
  const { draft, change, faultAt } = useEditor();
  const nameOf = usePerformanceName();
  const fault = faultAt('performances');
  return (
    <section className={styles.section} aria-labelledby="performances">
      <h2 id="performances">{t('performances')}</h2>
      <p className={styles.note}>{t('zoneNote', { zone: draft.timeZone.replaceAll('_', ' ') })}</p>
      <ol className={styles.rows}>
        {draft.performances.map((performance, index) => (
          <li key={performance.id} className={styles.row}>
            <div role="group" aria-label={t('performance', { number: index + 1 })} className={styles.fields}>
              <WallField
                at={`performances[${index}].startsAt`}
                label={t('starts')}
                value={performance.starts}
                onChange={(starts) => change(withStart(draft, performance.id, starts))}
              />
              <WallField
                at={`performances[${index}].doorsAt`}
                label={t('doors')}
                hint={t('doorsHint')}
                value={performance.doors}
                onChange={(doors) => change(withPerformance(draft, performance.id, { doors }))}
              />
            </div>
            {draft.performances.length > 1 && (
              <Button
                look="quiet"
                icon="cross"
                aria-label={t('removePerformance', { name: nameOf(performance) })}
                onPress={() => change(removePerformance(draft, performance.id))}
              >
                {t('remove')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {fault && (
        <p id={fieldId('performances')} tabIndex={-1} className={styles.fault}>
          {fault}
        </p>
      )}
      <div>
        <Button icon="plus" onPress={() => change(addPerformance(draft))}>
          {t('addPerformance')}
        </Button>
      </div>
    </section>
  );
}
