import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { Problem, type Remedy } from '~/api/problem';
import { Button } from './Button';
import { Icon } from './Icon';
import styles from './ProblemCard.module.css';

interface ProblemCardProps {
  error: Error;
  /** Carries out the next step that fits the failure; the way to the settings the card knows itself. */
  onRemedy: (remedy: Remedy) => void;
  onClose?: (() => void) | undefined;
  /** What a screen says better than the catalogue, which speaks of sales. */
  instead?: Instead;
}

/** The parts of a failure's words that a screen has of its own. */
export interface Instead {
  title?: string;
  /** The server's own sentence; empty where it adds nothing. */
  reason?: string;
  money?: string;
  remedy?: Remedy;
}

/** A failure as a person needs it: what happened, what it means for the money, and the next step as a button. */
export function ProblemCard({ error, onRemedy, onClose, instead = {} }: ProblemCardProps) {
  const t = useTranslations();
  const [, go] = useLocation();
  const problem = error instanceof Problem ? error : new Problem('internal', error.message);
  const reason = instead.reason ?? problem.reason;
  const remedy = instead.remedy ?? problem.remedy;
  return (
    <div role="alert" className={styles.card} data-code={problem.code}>
      <span className={styles.mark}>
        <Icon name="hand" size={30} />
      </span>
      <div className={styles.words}>
        <h2>{instead.title ?? t(`problems.${problem.code}.title`, paramsOf(problem))}</h2>
        {reason && <p className={styles.reason}>{reason}</p>}
        <p>{instead.money ?? t(`problems.${problem.code}.money`)}</p>
      </div>
      <div className={styles.actions}>
        <Button look="primary" onPress={() => (remedy === 'settings' ? go(placeOf(problem)) : onRemedy(remedy))}>
          {t(`remedy.${remedy}`)}
        </Button>
        {onClose && (
          <Button look="quiet" onPress={onClose}>
            {t('app.dismiss')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Where in the settings the failure can be put right. */
function placeOf(problem: Problem): string {
  return problem.code === 'vault_locked' ? '/settings/keys' : '/settings/stripe';
}

/** The server's parameters, with figures as numbers, which plural forms need; `sold_out` is sure to have its two. */
function paramsOf(problem: Problem): { name: string; available: number } {
  return { name: problem.params.name ?? '', available: Number(problem.params.available ?? 0) };
}
