import { useTranslations } from 'use-intl';
import type { Poster } from '~/api/types';
import { Icon, type IconName } from '~/ui/Icon';
import styles from './StateMark.module.css';

/** Each state has a shape of its own, so that colour never speaks alone. */
const icons: Record<Poster['state'], IconName> = {
  starting: 'again',
  open: 'ticket',
  closing: 'clock',
  closed: 'cross',
  refused: 'hand',
};

/** How a poster stands, as shape and word. */
export function StateMark({ state }: { state: Poster['state'] }) {
  const t = useTranslations('posters.state');
  return (
    <span className={styles.mark} data-state={state}>
      <Icon name={icons[state]} size={18} />
      {t(`${state}.word`)}
    </span>
  );
}
