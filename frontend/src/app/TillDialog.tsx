import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { reconciliationQuery } from '~/api/reconciliation';
import { statusQuery } from '~/api/status';
import { countdown, moment, secondsLeft } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { useNow } from '~/ui/useNow';
import styles from './TillDialog.module.css';

const states = { ok: 'stripeOk', unknown: 'stripeUnknown', down: 'stripeDown' } as const;

interface TillDialogProps {
  onReconcile: () => void;
  onClose: () => void;
}

/** How Stripe was last heard, how the book keeps up, and which till this is. */
export default function TillDialog({ onReconcile, onClose }: TillDialogProps) {
  const t = useTranslations();
  const locale = useLocale();
  const now = useNow(1000);
  const { data } = useQuery(statusQuery);
  const problem = data?.stripe.problem;
  return (
    <Dialog
      title={t('till.about')}
      onClose={onClose}
      actions={
        <>
          <Button icon="scales" onPress={onReconcile}>
            {t('till.reconcile')}
          </Button>
          <Button look="primary" onPress={onClose}>
            {t('app.dismiss')}
          </Button>
        </>
      }
    >
      {problem && (
        <p className={styles.problem}>
          <strong>{t(`problems.${problem.code}.title`, { name: '', available: 0 })}</strong>{' '}
          {t(`problems.${problem.code}.money`)}
        </p>
      )}
      {data && (
        <dl className={styles.facts}>
          <dt>{t('till.stripe')}</dt>
          <dd>{t(`till.${states[data.stripe.state]}`)}</dd>
          <dt>{t('till.lastAnswer')}</dt>
          <dd>{data.stripe.lastSuccessAt ? moment(data.stripe.lastSuccessAt, now, locale, true) : t('till.never')}</dd>
          <KeepingUp now={now} />
          <dt>{t('till.mode')}</dt>
          <dd>{t(`books.${data.book}`)}</dd>
          <dt>{t('till.register')}</dt>
          <dd>{data.register}</dd>
          <dt>{t('till.number')}</dt>
          <dd>{data.number}</dd>
          <dt>{t('till.version')}</dt>
          <dd>{data.version}</dd>
        </dl>
      )}
    </Dialog>
  );
}

/** How far the book has heard from Stripe, when it asks again, and what that costs. */
function KeepingUp({ now }: { now: number }) {
  const t = useTranslations('till');
  const locale = useLocale();
  const { data } = useQuery(reconciliationQuery);
  if (!data) return null;
  const next = data.nextPollAt === undefined ? undefined : secondsLeft(data.nextPollAt, now);
  return (
    <>
      <dt>{t('covered')}</dt>
      <dd>{data.coveredUntil ? moment(data.coveredUntil, now, locale, true) : t('never')}</dd>
      {next !== undefined && (
        <>
          <dt>{t('nextPoll')}</dt>
          <dd>{next ? t('soon', { time: countdown(next) }) : t('now')}</dd>
        </>
      )}
      <dt>{t('reads')}</dt>
      <dd>{t('used', { used: data.reads.used, count: data.reads.allotted })}</dd>
    </>
  );
}
