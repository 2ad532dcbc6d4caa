import { useRef, useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { LateState } from '~/api/late';
import type { LateAction, LateMoney, Question } from '~/api/types';
import { Tabs } from '~/ui/Tabs';
import { KeepDialog } from './KeepDialog';
import { LateList } from './LateList';
import styles from './LateScreen.module.css';
import { RefundLateDialog } from './RefundLateDialog';
import { SeatDialog } from './SeatDialog';
import { useFocusBack } from './useFocusBack';
import { useWaiting } from './useLate';

interface LateScreenProps {
  /** Asks which tickets a refund was for. */
  answer: (question: Question, onClose: () => void) => ReactNode;
}

const dialogs = { seat: SeatDialog, refund: RefundLateDialog, keep: KeepDialog } as const;
const states = ['waiting', 'done', 'elsewhere'] as const satisfies readonly LateState[];

/** The late-money desk: money that has no seat, and what can be done about it. */
export function LateScreen({ answer }: LateScreenProps) {
  const t = useTranslations('late');
  const [shown, setShown] = useState<string>('waiting');
  const [asked, setAsked] = useState<{ action: LateAction; money: LateMoney }>();
  const [question, setQuestion] = useState<Question>();
  const heading = useRef<HTMLHeadingElement>(null);
  const waiting = useWaiting();
  useFocusBack(Boolean(asked ?? question), heading);
  const DecideDialog = asked && dialogs[asked.action];
  const label = (state: LateState) => (state === 'waiting' && waiting > 0 ? t('waitingCount', { count: waiting }) : t(state));
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <p>{t('lead')}</p>
      </header>
      <Tabs
        label={t('tabs')}
        onSelect={setShown}
        tabs={states.map((state) => ({
          id: state,
          label: label(state),
          content: shown === state && (
            <LateList state={state} onAct={(action, money) => setAsked({ action, money })} onQuestion={setQuestion} />
          ),
        }))}
      />
      {asked && DecideDialog && <DecideDialog money={asked.money} onClose={() => setAsked(undefined)} />}
      {question && answer(question, () => setQuestion(undefined))}
    </div>
  );
}
