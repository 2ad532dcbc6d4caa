import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { pollNow, reconciliationQuery, type Reconciliation } from '~/api/reconciliation';
import { remedies } from '~/api/problem';
import { countdown, moment, secondsLeft } from '~/domain/time';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { ProblemCard } from '~/ui/ProblemCard';
import { useNow } from '~/ui/useNow';
import { useTask } from '~/ui/useTask';
import { CatchUpBar } from './CatchUpBar';
import styles from './Health.module.css';
import { ReadsBar } from './ReadsBar';
import { Trouble } from './Trouble';

/** How the book keeps up with Stripe: how far, when next, at what cost, and what waits for a person. */
export function Health({ health }: { health: Reconciliation }) {
  const t = useTranslations('reconcile.health');
  const announce = useAnnounce();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const task = useTask();
  async function look() {
    const done = await task.run(async () => queries.setQueryData(reconciliationQuery.queryKey, await pollNow()));
    if (!done) return;
    announce(t('looked'));
    void queries.invalidateQueries();
  }
  const needsSettings = health.problem !== undefined && remedies[health.problem.code] === 'settings';
  return (
    <section aria-labelledby="health" className={styles.health}>
      <header className={styles.head} data-state={health.state}>
        <h2 id="health">{t('title')}</h2>
        <State state={health.state} />
        <p>{t(`means.${health.state}`)}</p>
      </header>
      {health.problem && <Trouble problem={health.problem} />}
      {health.catchUp && <CatchUpBar catchUp={health.catchUp} />}
      <Times health={health} />
      <ReadsBar reads={health.reads} />
      {task.error && <ProblemCard error={task.error} onRemedy={() => void look()} onClose={task.dismiss} />}
      <div className={styles.actions}>
        <Button icon="again" look={health.problem && !needsSettings ? 'primary' : 'plain'} isBusy={task.isPending} onPress={() => void look()}>
          {t(task.isPending ? 'looking' : 'look')}
        </Button>
        {(needsSettings || health.state === 'stopped') && (
          <Button look="primary" icon="settings" onPress={() => go('/settings/stripe')}>
            {t('settings')}
          </Button>
        )}
      </div>
      <Waits health={health} />
    </section>
  );
}

/** The state in a shape, a word and a colour. */
function State({ state }: { state: Reconciliation['state'] }) {
  const t = useTranslations('reconcile.health.state');
  const said = t(state);
  const announce = useAnnounce();
  useEffect(() => {
    if (state === 'behind' || state === 'stopped') announce(said);
  }, [state, said, announce]);
  return (
    <span className={styles.state} data-state={state}>
      <svg width="16" height="16" viewBox="0 0 18 18" aria-hidden="true">
        {state === 'current' && <circle cx="9" cy="9" r="7" fill="currentColor" />}
        {state === 'catching_up' && <path d="M2 3l7 6-7 6zM9 3l7 6-7 6z" fill="currentColor" />}
        {state === 'behind' && <path d="M9 1.5 17 16.5H1z" fill="currentColor" />}
        {state === 'stopped' && <path d="M2 2h14v14H2z" fill="currentColor" />}
      </svg>
      {said}
    </span>
  );
}

function Times({ health }: { health: Reconciliation }) {
  const t = useTranslations('reconcile.health');
  const locale = useLocale();
  const now = useNow(1000);
  const at = (time: string | undefined) => (time ? moment(time, now, locale, true) : t('never'));
  const next = health.nextPollAt ? secondsLeft(health.nextPollAt, now) : undefined;
  const { intervalSeconds: every } = health;
  const facts: [string, ReactNode][] = [
    [t('caughtUp'), at(health.coveredUntil)],
    [t('last'), at(health.lastSuccessAt)],
    [t('next'), next === undefined ? '–' : next === 0 ? t('now') : t('soon', { time: countdown(next) })],
    [t('interval'), every > 90 ? t('everyMinutes', { count: Math.round(every / 60) }) : t('every', { count: every })],
  ];
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

/** What only a person can settle, with the way there. */
function Waits({ health }: { health: Reconciliation }) {
  const t = useTranslations('reconcile.health');
  const links = [
    [health.waiting, t('waiting', { count: health.waiting })],
    [health.questions, t('questions', { count: health.questions })],
  ] as const;
  const quiet = [
    health.openRefunds > 0 && t('openRefunds', { count: health.openRefunds }),
    health.openDisputes > 0 && t('openDisputes', { count: health.openDisputes }),
  ].filter(Boolean);
  return (
    <div className={styles.waits}>
      <h3>{t('waits')}</h3>
      {health.waiting + health.questions === 0 && <p>{t('nothing')}</p>}
      {links.map(([count, words]) =>
        count > 0 ? (
          <Link key={words} href="/late" className={styles.way}>
            <span>{words}</span>
            <Icon name="forward" />
          </Link>
        ) : null,
      )}
      {quiet.length > 0 && <p>{quiet.join(' · ')}</p>}
    </div>
  );
}
