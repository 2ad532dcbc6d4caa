import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { statusQuery } from '~/api/status';
import { moment } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { useNow } from '~/ui/useNow';
import styles from './TillDialog.module.css';

const states = { ok: 'stripeOk', unknown: 'stripeUnknown', down: 'stripeDown' } as const;

/** How Stripe was last heard, and which till this is. */
export default function TillDialog({ onClose }: { onClose: () => void }) {
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
        <Button look="primary" onPress={onClose}>
          {t('app.dismiss')}
        </Button>
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
          <dt>{t('till.reads')}</dt>
          <dd>{data.stripe.reads}</dd>
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
