import { useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { Problem, type FailureCode } from '~/api/problem';
import { Button } from './Button';
import styles from './DecisionDialog.module.css';
import { DecisionProblem } from './DecisionProblem';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { TextField } from './TextField';
import type { Once } from './useOnce';
import type { Who, WhoDraft } from './useWho';

interface DecisionDialogProps {
  title: string;
  who: WhoDraft;
  task: Pick<Once<never>, 'isPending' | 'isUnsure' | 'error' | 'dismiss'>;
  /** What the button says that does it, and while it is being done. */
  confirm: string;
  busy: string;
  /** Something is missing yet, so that it cannot be done. */
  isDisabled?: boolean;
  onConfirm: (who: Who) => void;
  /** Does again what failed, where that was not what `onConfirm` does. */
  onAgain?: () => void;
  onClose: () => void;
  /** What happened; once it is there, it stands in the place of the question. */
  outcome?: { title: string; words: ReactNode; actions?: ReactNode; isBad?: boolean } | undefined;
  /** More ways to answer, before the one that is usual. */
  others?: ReactNode;
  children: ReactNode;
}

/** What happened meanwhile is not in the dialog, which shows what was there when it was opened. */
const overtaken: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'money_moved',
  'ticket_refunded',
  'unknown_ticket',
  'not_refundable',
  'refund_too_large',
  'already_resolved',
  'not_possible',
]);

/** A decision about money: what it means, who takes it, and afterwards what happened. */
export function DecisionDialog({ title, who, task, onConfirm, onClose, outcome, others, children, ...how }: DecisionDialogProps) {
  const t = useTranslations('who');
  const queries = useQueryClient();
  const form = useId();
  const confirm = () => {
    if (how.isDisabled) return;
    const signed = who.sign();
    if (signed) onConfirm(signed);
  };
  if (outcome) {
    return (
      <Dialog
        title={outcome.title}
        onClose={onClose}
        actions={
          <>
            {outcome.actions}
            <Button look="primary" autoFocus onPress={onClose}>
              {t('done')}
            </Button>
          </>
        }
      >
        <div role="status" className={styles.outcome} data-bad={outcome.isBad ? true : undefined}>
          <Icon name={outcome.isBad ? 'hand' : 'tick'} size={34} />
          <div>{outcome.words}</div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      isBusy={task.isPending}
      actions={
        <>
          <Button isDisabled={task.isPending} onPress={onClose}>
            {t('notNow')}
          </Button>
          {others}
          <Button look="primary" type="submit" form={form} isDisabled={how.isDisabled ?? false} isBusy={task.isPending}>
            {task.isPending ? how.busy : how.confirm}
          </Button>
        </>
      }
    >
      {task.error && (
        <DecisionProblem
          error={task.error}
          isUnsure={task.isUnsure}
          onAgain={how.onAgain ?? confirm}
          onRefresh={() => {
            task.dismiss();
            void queries.invalidateQueries();
            if (task.error instanceof Problem && overtaken.has(task.error.code)) onClose(); // what it says is of before
          }}
          onClose={task.dismiss}
        />
      )}
      <Form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <fieldset disabled={task.isUnsure || task.isPending} className={styles.fields}>
          {children}
        </fieldset>
        <TextField
          label={t('name')}
          hint={t('nameHint')}
          autoComplete="name"
          inputRef={who.nameRef}
          value={who.by}
          onChange={who.setBy}
          isDisabled={task.isUnsure}
          error={who.isMissing ? t('nameMissing') : undefined}
        />
        <TextField label={t('note')} hint={t('noteHint')} autoComplete="off" value={who.note} onChange={who.setNote} isDisabled={task.isUnsure} />
      </Form>
    </Dialog>
  );
}
