import { useTranslations } from 'use-intl';
import type { Mirror } from '~/api/events';
import { Icon, type IconName } from '~/ui/Icon';
import styles from './MirrorMark.module.css';

const icons: Record<Mirror['state'], IconName> = { none: 'clock', pending: 'again', done: 'tick', refused: 'hand' };

/** How far Stripe has what the book has, as shape and word; a refusal with its reason. */
export function MirrorMark({ mirror }: { mirror: Mirror }) {
  const t = useTranslations('events.mirror');
  return (
    <span className={styles.mark} data-state={mirror.state}>
      <Icon name={icons[mirror.state]} size={18} />
      <span>
        {t(mirror.state)}
        {mirror.problem && <span className={styles.why}>{`${mirror.problem.detail} ${mirror.problem.next}`}</span>}
      </span>
    </span>
  );
}
