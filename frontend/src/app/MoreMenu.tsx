import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { Icon, type IconName } from '~/ui/Icon';
import styles from './MoreMenu.module.css';
import navigation from './Navigation.module.css';

interface MoreMenuProps {
  location: string;
  places: readonly { to: string; icon: IconName; label: string }[];
}

/** The places that have no room at the foot of a phone. */
export function MoreMenu({ location, places }: MoreMenuProps) {
  const t = useTranslations('app');
  const [, go] = useLocation();
  const isHere = places.some(({ to }) => location.startsWith(to));
  return (
    <MenuTrigger>
      <Button className={`${navigation.link ?? ''} ${styles.more ?? ''}`} data-current={isHere ? true : undefined}>
        <Icon name="more" />
        {t('more')}
      </Button>
      <Popover placement="top end" className={styles.menu ?? ''}>
        <Menu items={places} onAction={(to) => go(String(to))} aria-label={t('more')}>
          {({ to, icon, label }) => (
            <MenuItem id={to} textValue={label} className={styles.item ?? ''}>
              <Icon name={icon} />
              {label}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
