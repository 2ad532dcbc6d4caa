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
  onClose?: () => void;
}

/** A failure as a person needs it: what happened, what it means for the money, and the next step as a button. */
export function ProblemCard({ error, onRemedy, onClose }: ProblemCardProps) {
  const t = useTranslations();
  const [, go] = useLocation();
  const problem = error instanceof Problem ? error : new Problem('internal', error.message);
  return (
    <div role="alert" className={styles.card} data-code={problem.code}>
      <span className={styles.mark}>
        <Icon name="hand" size={30} />
      </span>
      <div className={styles.words}>
        <h2>{t(`problems.${problem.code}.title`, paramsOf(problem))}</h2>
        {problem.reason && <p className={styles.reason}>{problem.reason}</p>}
        <p>{t(`problems.${problem.code}.money`)}</p>
      </div>
      <div className={styles.actions}>
        <Button look="primary" onPress={() => (problem.remedy === 'settings' ? go(placeOf(problem)) : onRemedy(problem.remedy))}>
          {t(`remedy.${problem.remedy}`)}
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
