import { useTranslations } from 'use-intl';
import type { Situation } from '~/domain/situation';
import { Icon, type IconName } from './Icon';
import styles from './SituationMark.module.css';

/** The look of each situation: a shape of its own, so that colour never speaks alone. */
const marks: Record<Situation, { icon: IconName; tone: 'calm' | 'good' | 'warn' | 'bad' | 'over' }> = {
  starting: { icon: 'again', tone: 'warn' },
  waiting: { icon: 'phone', tone: 'calm' },
  canceling: { icon: 'again', tone: 'calm' },
  processing: { icon: 'clock', tone: 'warn' },
  paid: { icon: 'tick', tone: 'good' },
  refunded: { icon: 'return', tone: 'over' },
  expired: { icon: 'clock', tone: 'over' },
  canceled: { icon: 'cross', tone: 'over' },
  refused: { icon: 'hand', tone: 'bad' },
  failed: { icon: 'hand', tone: 'bad' },
};

/** How an order stands, as shape and word. */
export function SituationMark({ situation }: { situation: Situation }) {
  const t = useTranslations('situations');
  const { icon, tone } = marks[situation];
  return (
    <span className={styles.mark} data-tone={tone}>
      <Icon name={icon} size={18} />
      {t(`${situation}.word`)}
    </span>
  );
}
