import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { lastTender, situation } from '~/domain/situation';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { Price } from '~/ui/Price';
import { useShortcuts } from '~/ui/shortcuts';
import styles from './EndedView.module.css';
import { useSituationWords } from './useSituationWords';

interface EndedViewProps {
  order: Order;
  onSellAgain: () => void;
  onNext: () => void;
  onStory: () => void;
}

/** An order that ended without money: what that means for the seats, and the way on. */
export function EndedView({ order, onSellAgain, onNext, onStory }: EndedViewProps) {
  const t = useTranslations();
  const state = situation(order);
  const { says, money } = useSituationWords()(order);
  const problem = lastTender(order)?.problem;
  useShortcuts({ Enter: onSellAgain, n: onNext, Escape: onNext });
  return (
    <section className={styles.ended} aria-labelledby="ended-title" data-state={state}>
      <div className={styles.card}>
        <span className={styles.mark}>
          <Icon name={state === 'expired' ? 'clock' : state === 'canceled' ? 'cross' : 'hand'} size={56} />
        </span>
        <h1 id="ended-title">{says}</h1>
        <p className={styles.which}>
          <strong>{order.code}</strong> <Price amount={order.total} />
        </p>
        {problem && (
          <p className={styles.why}>{t(`problems.${problem.code}.title`, { name: '', available: 0 })}</p>
        )}
        <p className={styles.money}>{money}</p>
        <div className={styles.actions}>
          <Button look="primary" icon="again" keyHint={t('keys.enter')} onPress={onSellAgain}>
            {t('code.sellAgain')}
          </Button>
          <Button icon="forward" keyHint={t('keys.escape')} onPress={onNext}>
            {t('code.next')}
          </Button>
          <Button look="quiet" icon="list" onPress={onStory}>
            {t('code.story')}
          </Button>
        </div>
      </div>
    </section>
  );
}
