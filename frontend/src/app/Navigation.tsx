import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Icon, type IconName } from '~/ui/Icon';
import styles from './Navigation.module.css';

const places = [
  { to: '/sell', name: 'sell', icon: 'ticket', key: 'S' },
  { to: '/sales', name: 'sales', icon: 'list', key: 'L' },
  { to: '/events', name: 'events', icon: 'calendar', key: 'E' },
  { to: '/posters', name: 'posters', icon: 'poster', key: 'W' },
  { to: '/settings', name: 'settings', icon: 'settings', key: 'G' },
] as const satisfies readonly { to: string; name: string; icon: IconName; key: string }[];

/** Where one can go; in the bar on a wide screen, at the foot on a phone. */
export function Navigation({ location }: { location: string }) {
  const t = useTranslations('app');
  return (
    <nav aria-label={t('sections')} className={styles.navigation}>
      {places.map(({ to, name, icon, key }) => (
        <Link
          key={to}
          href={to}
          className={styles.link}
          aria-current={location.startsWith(to) ? 'page' : undefined}
          aria-keyshortcuts={key}
        >
          <Icon name={icon} />
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
