import { useId } from 'react';
import { useTranslations } from 'use-intl';
import type { LateAction, LateMoney } from '~/api/types';
import { Button } from '~/ui/Button';
import type { IconName } from '~/ui/Icon';
import { Price, usePrice } from '~/ui/Price';
import { Timeline } from '~/ui/Timeline';
import styles from './LateCard.module.css';
import { LateFacts } from './LateFacts';
import { awaitsStripe, isNoted, leftOf } from './leftOf';
import { Settled } from './Settled';

interface LateCardProps {
  money: LateMoney;
  onAct: (action: LateAction) => void;
}

const icons = { seat: 'ticket', refund: 'return', keep: 'tick' } as const satisfies Record<LateAction, IconName>;

/** The actions in the order in which they stand: what fits the reason comes first. */
const order = ['seat', 'refund', 'keep'] as const satisfies readonly LateAction[];
const orderOf: Partial<Record<LateMoney['reason'], readonly LateAction[]>> = { paid_twice: ['refund', 'seat', 'keep'] };

/** Money without a seat: how much, why, whose, its story, and what can be done about it. */
export function LateCard({ money, onAct }: LateCardProps) {
  const t = useTranslations('late');
  const price = usePrice();
  const heading = useId();
  const story = useId();
  const { amount, expected, reason, left, kept = 0 } = money;
  const actions = (orderOf[reason] ?? order).filter((action) => money.actions.includes(action));
  const isDifferent = expected && (reason === 'wrong_amount' || reason === 'wrong_currency');
  const awaits = awaitsStripe(money);
  const isOver = actions.length === 0 && !awaits;
  return (
    <article className={styles.card} aria-labelledby={heading} data-over={isOver ? true : undefined}>
      <div className={styles.what}>
        <header className={styles.head}>
          <p className={styles.amount}>
            <Price amount={amount} />
          </p>
          <h2 id={heading}>
            <span className="visually-hidden">
              <Price amount={amount} />,
            </span>{' '}
            {isDifferent ? t('insteadOf', { paid: price(amount), expected: price(expected) }) : t(`reason.${reason}.title`)}
          </h2>
          {!isOver && <p className={styles.means}>{t(awaits ? 'awaits' : isNoted(money) ? 'noted' : kept ? 'besideKept' : `reason.${reason}.money`)}</p>}
          {left > 0 && left < amount.minor && !awaits && <p className={styles.means}>{t(kept ? 'leftBeside' : 'leftOf', { left: price(leftOf(money)), amount: price({ ...amount, minor: kept }) })}</p>}
        </header>
        <LateFacts money={money} />
      </div>
      <section className={styles.story} aria-labelledby={story}>
        <h3 id={story}>{t('story')}</h3>
        <Timeline entries={money.story} />
      </section>
      {isOver && (
        <div className={styles.foot}>
          <Settled money={money} />
        </div>
      )}
      {actions.length > 0 && (
        <div className={styles.foot} role="group" aria-labelledby={heading}>
          {actions.map((action) => (
            <Button key={action} icon={icons[action]} look={action === actions[0] ? 'primary' : 'plain'} onPress={() => onAct(action)}>
              {t(action === 'keep' && isNoted(money) ? 'note' : action)}
            </Button>
          ))}
        </div>
      )}
    </article>
  );
}
