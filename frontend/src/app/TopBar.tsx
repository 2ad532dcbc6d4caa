import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { StripeLamp } from './StripeLamp';
import { ThemeButton } from './ThemeButton';
import styles from './TopBar.module.css';

interface TopBarProps {
  navigation: ReactNode;
  onKeys: () => void;
  onTill: () => void;
}

export function TopBar({ navigation, onKeys, onTill }: TopBarProps) {
  const t = useTranslations();
  return (
    <div className={styles.bar}>
      <span className={styles.name}>
        <Icon name="ticket" size={30} />
        <span>{t('app.name')}</span>
      </span>
      <div className={styles.navigation}>{navigation}</div>
      <StripeLamp onPress={onTill} />
      <div className={styles.keys}>
        <Button look="quiet" icon="keys" keyHint={t('keys.question')} aria-keyshortcuts="?" onPress={onKeys}>
          {t('keys.open')}
        </Button>
      </div>
      <ThemeButton />
    </div>
  );
}
