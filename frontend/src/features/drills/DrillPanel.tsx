import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { drillsQuery, endDrills, type Drill } from '~/api/drills';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { useTask } from '~/ui/useTask';
import styles from './DrillPanel.module.css';
import { DrillRow } from './DrillRow';
import { byGroup, going } from './drills';

/** How often it is asked what still goes on, in milliseconds: some drills end by themselves. */
const lookEvery = 3_000;

/** Every drill, by whose trouble it is, and the button that ends all. */
export function DrillPanel() {
  const t = useTranslations('drills');
  const announce = useAnnounce();
  const queries = useQueryClient();
  const task = useTask();
  const { data, error, refetch } = useQuery({ ...drillsQuery, refetchInterval: lookEvery });
  const keep = (drills: Drill[]) => {
    queries.setQueryData(drillsQuery.queryKey, drills);
    // What a drill does shows elsewhere on the till.
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== drillsQuery.queryKey[0] });
  };
  async function quiet() {
    if (await task.run(async () => keep(await endDrills()))) announce(t('quieted'));
  }
  if (!data) return error ? <ProblemCard error={error} onRemedy={() => void refetch()} /> : null;
  if (data.length === 0) return <Empty>{t('none')}</Empty>;
  const on = going(data);
  return (
    <div className={styles.panel}>
      <div className={styles.head} data-on={on > 0 ? true : undefined}>
        <p>{t('going', { count: on })}</p>
        <Button icon="tick" isBusy={task.isPending} onPress={() => void quiet()}>
          {t('quiet')}
        </Button>
      </div>
      {task.error && <ProblemCard error={task.error} onRemedy={() => void quiet()} onClose={task.dismiss} />}
      {byGroup(data).map(({ group, drills }) => (
        <section key={group} aria-labelledby={`drills-${group}`} className={styles.group}>
          <h2 id={`drills-${group}`}>{t(`group.${group}`)}</h2>
          <ul className={styles.rows}>
            {drills.map((drill) => (
              <DrillRow key={drill.name} drill={drill} onDone={keep} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
