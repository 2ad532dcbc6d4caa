import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { lateCountQuery } from '~/api/late';
import { Icon, type IconName } from '~/ui/Icon';
import { MoreMenu } from './MoreMenu';
import styles from './Navigation.module.css';

const places = [
  { to: '/sell', name: 'sell', icon: 'ticket', key: 'S' },
  { to: '/sales', name: 'sales', icon: 'list', key: 'L' },
  { to: '/late', name: 'late', icon: 'coins', key: 'M' },
  { to: '/events', name: 'events', icon: 'calendar', key: 'E' },
  { to: '/posters', name: 'posters', icon: 'poster', key: 'W' },
  { to: '/reconcile', name: 'reconcile', icon: 'scales', key: 'R' },
  { to: '/settings', name: 'settings', icon: 'settings', key: 'G' },
] as const satisfies readonly { to: string; name: string; icon: IconName; key: string }[];

/** How many places have room at the foot of a phone beside the menu of the others. */
const atFoot = 4;

interface NavigationProps {
  location: string;
  /** At the foot of a phone: what does not fit is in a menu. */
  isShort?: boolean;
}

/** Where one can go; in the bar on a wide screen, at the foot on a phone. */
export function Navigation({ location, isShort = false }: NavigationProps) {
  const t = useTranslations('app');
  const { data: waiting = 0 } = useQuery(lateCountQuery);
  const shown = isShort ? places.slice(0, atFoot) : places;
  const rest = places.slice(shown.length);
  return (
    <nav aria-label={t('sections')} className={styles.navigation}>
      {shown.map(({ to, name, icon, key }) => (
        <Link
          key={to}
          href={to}
          className={styles.link}
          aria-current={location.startsWith(to) ? 'page' : undefined}
          aria-keyshortcuts={key}
        >
          <Icon name={icon} />
          {t(name)}
          {to === '/late' && waiting > 0 && (
            <>
              <span className={styles.badge} aria-hidden="true">
                {waiting}
              </span>
              <span className="visually-hidden">{t('lateWaiting', { count: waiting })}</span>
            </>
          )}
        </Link>
      ))}
      {rest.length > 0 && (
        <MoreMenu location={location} places={rest.map(({ to, name, icon }) => ({ to, icon, label: t(name) }))} />
      )}
    </nav>
  );
}
