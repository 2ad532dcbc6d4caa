import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from '~/ui/Icon';
import { usePreferences } from '~/ui/preferences';
import { useShortcuts } from '~/ui/shortcuts';
import { TellingButton } from '~/ui/TellingButton';
import styles from './ThemeButton.module.css';

const dark = '(prefers-color-scheme: dark)';

/** Changes between paper and a dark foyer. */
export function ThemeButton() {
  const t = useTranslations('app');
  const { preferences, change } = usePreferences();
  const systemIsDark = useSyncExternalStore(subscribe, () => window.matchMedia(dark).matches);
  const isDark = preferences.theme === 'system' ? systemIsDark : preferences.theme === 'dark';
  const toggle = () => change({ theme: isDark ? 'light' : 'dark' });
  useShortcuts({ d: toggle });
  return (
    <TellingButton
      className={styles.theme ?? ''}
      aria-label={t(isDark ? 'lightTheme' : 'darkTheme')}
      aria-keyshortcuts="D"
      onPress={toggle}
    >
      <Icon name={isDark ? 'sun' : 'moon'} />
    </TellingButton>
  );
}

function subscribe(wake: () => void) {
  const query = window.matchMedia(dark);
  query.addEventListener('change', wake);
  return () => query.removeEventListener('change', wake);
}
