import type { CSSProperties } from 'react';
import { useTranslations } from 'use-intl';
import type { Closing, ClosingTotals } from '~/api/closing';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { usePrice } from '~/ui/Price';
import styles from './Glance.module.css';
import { useTimes } from './useTimes';
import { asksToRead, type Verdict } from './verdict';

const looks = {
  agree: { tone: 'good', icon: 'tick' },
  differ: { tone: 'bad', icon: 'hand' },
  recent: { tone: 'warn', icon: 'clock' },
  unread: { tone: 'warn', icon: 'clock' },
  listed: { tone: 'over', icon: 'tick' },
  nothing: { tone: 'over', icon: 'tick' },
} as const;

interface GlanceProps {
  closing: Closing;
  verdict: Verdict;
  isReading: boolean;
  onRead: () => void;
}

/** Do the books agree: in shape, word and colour, with the sums on the stub. */
export function Glance({ closing, verdict, isReading, onRead }: GlanceProps) {
  const t = useTranslations('reconcile');
  const times = useTimes();
  const { tone, icon } = looks[verdict.kind];
  const hasStub = closing.currencies.length > 0; // without sums there is nothing to tear off
  const gaps = verdict.gaps.map(times.span).join(', ');
  return (
    <section className={styles.glance} data-tone={tone} aria-label={t('title')}>
      <div className={`${styles.verdict ?? ''} ${hasStub ? `perforated ${styles.torn ?? ''}` : (styles.plain ?? '')}`} data-across>
        <span className={styles.mark} aria-hidden="true">
          <Icon name={icon} size={44} />
        </span>
        <div role="status">
          <h2>
            {(verdict.kind === 'agree' || verdict.kind === 'recent') && (
              <>
                {t(`glance.${verdict.kind}`)}: <strong>{t('glance.agreeFigure', { agree: closing.agree, count: closing.of })}</strong>
              </>
            )}
            {verdict.kind === 'differ' && t('glance.differ', { count: closing.differ })}
            {verdict.kind === 'unread' && (gaps === '' ? t('glance.unreadYet') : t('glance.unread', { time: gaps }))}
            {verdict.kind === 'listed' && t('glance.listed')}
            {verdict.kind === 'nothing' && t('glance.nothing')}
          </h2>
          <p>
            {verdict.kind === 'agree' && t('glance.agreeBody')}
            {verdict.kind === 'differ' && t('glance.differBody', { agree: closing.agree, count: closing.of })}
            {verdict.kind === 'recent' && t('glance.recentBody', { count: closing.unread })}
            {verdict.kind === 'unread' && (closing.unread > 0 ? t('glance.unreadSome', { count: closing.unread }) : t('glance.unreadNone'))}
            {verdict.kind === 'listed' && t('glance.listedBody')}
            {verdict.kind === 'nothing' && t('glance.nothingBody')}
          </p>
          <p className={styles.small}>
            {verdict.kind === 'differ' && gaps !== '' && t('glance.gaps', { time: gaps })}{' '}
            {verdict.readTo && t('glance.upTo', { time: times.at(verdict.readTo) })}
          </p>
        </div>
        {asksToRead(verdict) && (
          <Button look="primary" icon="again" isBusy={isReading} onPress={onRead}>
            {isReading ? t('reading') : t('readThem')}
          </Button>
        )}
      </div>
      {hasStub && <Stub currencies={closing.currencies} />}
    </section>
  );
}

/** The four sums that a treasurer looks for first, of each currency; all in columns that hold the longest of them. */
function Stub({ currencies }: { currencies: readonly ClosingTotals[] }) {
  const t = useTranslations('reconcile');
  const price = usePrice();
  const rows = currencies.map(({ currency, gross, fees, net, paidOut }) => {
    const figure = (name: 'gross' | 'fees' | 'net' | 'payouts', minor: number) => [t(name), price({ minor, currency })] as const;
    return { currency, pairs: [[figure('gross', gross), figure('fees', fees)], [figure('net', net), figure('payouts', paidOut)]] };
  });
  const longest = Math.max(...rows.flatMap(({ pairs }) => pairs.flat().map(([, sum]) => sum.length)));
  return (
    <div className={`perforated ${styles.stub ?? ''}`} data-across style={{ '--longest': longest } as CSSProperties}>
      {rows.map(({ currency, pairs }) => (
        <div key={currency} className={styles.figures}>
          {pairs.map((pair) => (
            <dl key={pair[0]?.[0]}>
              {pair.map(([name, sum]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{sum}</dd>
                </div>
              ))}
            </dl>
          ))}
        </div>
      ))}
    </div>
  );
}
