import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { statusQuery } from '~/api/status';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import styles from './StandstillBar.module.css';

const places = { none: '/settings/stripe', locked: '/settings/keys', revoked: '/settings/stripe' } as const;

/** Over Sell while its book cannot sell by Stripe: why, what it means for the money, and the way on. Moves nothing. */
export function StandstillBar() {
  const t = useTranslations('standstill');
  const [location, go] = useLocation();
  const { data } = useQuery(statusQuery);
  if (!data || data.book === 'training' || data.connection === 'connected' || location !== '/sell') return null;
  const why = data.connection;
  return (
    <div role="alert" className={styles.bar} data-why={why}>
      <Icon name={why === 'locked' ? 'lock' : 'hand'} size={30} />
      <p>
        <strong>{t(why)}</strong>
        {t(`${why}Money`)}
      </p>
      <Button look="primary" onPress={() => go(places[why])}>
        {t(`${why}Action`)}
      </Button>
    </div>
  );
}
