import { useTranslations } from 'use-intl';
import type { LateState } from '~/api/late';
import type { LateAction, LateMoney, Question } from '~/api/types';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { ElsewhereRow } from './ElsewhereRow';
import { LateCard } from './LateCard';
import styles from './LateList.module.css';
import { Questions } from './Questions';
import { useLate } from './useLate';

interface LateListProps {
  state: LateState;
  onAct: (action: LateAction, money: LateMoney) => void;
  onQuestion: (question: Question) => void;
}

const names = { waiting: 'list', done: 'doneList', elsewhere: 'elsewhereList' } as const;

/** One part of the desk. Before the till has answered it says nothing: an empty desk is a statement about money. */
export function LateList({ state, onAct, onQuestion }: LateListProps) {
  const t = useTranslations('late');
  const { items, questions, error, hasMore, isFetchingMore, fetchMore, refetch } = useLate(state);
  const asked = state === 'waiting' ? questions : [];
  return (
    <div className={styles.panel}>
      {error && <ProblemCard error={error} onRemedy={() => void refetch()} />}
      {state === 'elsewhere' && items && items.length > 0 && <p className={styles.lead}>{t('elsewhereLead')}</p>}
      {asked.length > 0 && <Questions questions={asked} onAnswer={onQuestion} />}
      {items?.length === 0 && asked.length === 0 && <Empty>{t(`none.${state}`)}</Empty>}
      {items && items.length > 0 && (
        <ul aria-label={t(names[state])} className={styles.list} data-state={state}>
          {items.map((money) => (
            <li key={money.id}>
              {state === 'elsewhere' ? <ElsewhereRow money={money} /> : <LateCard money={money} onAct={(action) => onAct(action, money)} />}
            </li>
          ))}
        </ul>
      )}
      {hasMore && (
        <Button isBusy={isFetchingMore} onPress={() => void fetchMore()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
