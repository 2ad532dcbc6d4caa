import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { doDrill, setDrill, type Drill } from '~/api/drills';
import { Problem } from '~/api/problem';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { Switch } from '~/ui/Switch';
import { TextField } from '~/ui/TextField';
import { useTask } from '~/ui/useTask';
import styles from './DrillRow.module.css';
import { asksDays, isAct, isKnown } from './drills';

interface DrillRowProps {
  drill: Drill;
  /** It was held, and this is how the drills stand since. */
  onDone: (drills: Drill[]) => void;
}

/** One drill: a switch for what goes on, a button for what is done at once, and what came of it. */
export function DrillRow({ drill, onDone }: DrillRowProps) {
  const t = useTranslations('drills');
  const announce = useAnnounce();
  const task = useTask();
  const detail = useId();
  const [isDone, setDone] = useState(false);
  const [days, setDays] = useState('3');
  const words = useWords(drill.name);
  const isDaysWrong = asksDays(drill.name) && !/^([1-9]|[1-5]\d|60)$/.test(days.trim());

  async function hold(work: () => Promise<Drill[]>, said: string) {
    setDone(false);
    if (!(await task.run(async () => onDone(await work())))) return;
    setDone(!drill.lasting);
    announce(said);
  }
  const turn = (on: boolean) =>
    void hold(() => setDrill(drill.name, on), t(on ? 'begun' : 'ended', { name: words.title }));
  const act = () =>
    void hold(() => doDrill(drill.name, asksDays(drill.name) ? Number(days) : undefined), t('done', { name: words.title }));

  return (
    <li className={styles.row} data-on={drill.on ? true : undefined}>
      <div className={styles.words}>
        {drill.lasting ? (
          <Switch isOn={drill.on} onChange={turn}>
            {words.title}
          </Switch>
        ) : (
          <h3>{words.title}</h3>
        )}
        {words.detail && <p id={detail}>{words.detail}</p>}
      </div>
      {!drill.lasting && (
        <div className={styles.act}>
          {asksDays(drill.name) && (
            <TextField
              label={t('days')}
              inputMode="numeric"
              autoComplete="off"
              value={days}
              onChange={setDays}
              error={isDaysWrong ? t('daysWrong') : undefined}
            />
          )}
          <Button isDisabled={isDaysWrong} isBusy={task.isPending} aria-describedby={detail} onPress={act}>
            {task.isPending ? t('doing') : words.act}
          </Button>
        </div>
      )}
      <Answer error={task.error} isDone={isDone} name={words.title} />
    </li>
  );
}

/** What came of it: done, or why not. */
function Answer({ error, isDone, name }: { error: Error | undefined; isDone: boolean; name: string }) {
  const t = useTranslations();
  if (error) {
    const problem = error instanceof Problem ? error : new Problem('internal', '');
    return (
      <p role="alert" className={styles.answer} data-tone="bad">
        {problem.reason || t(`problems.${problem.code}.title`, { name, available: 0 })}
      </p>
    );
  }
  return isDone ? <p className={styles.answer}>{t('drills.done', { name })}</p> : null;
}

/** The drill's words; a drill that is newer than this screen has its name alone. */
function useWords(name: string): { title: string; detail: string; act: string } {
  const t = useTranslations('drills');
  if (!isKnown(name)) return { title: name.replaceAll('_', ' '), detail: '', act: name.replaceAll('_', ' ') };
  const title = t(`words.${name}.title`);
  const detail = t(`words.${name}.detail`);
  return { title, detail, act: isAct(name) ? t(`words.${name}.act`) : title };
}
