import { useTranslations } from 'use-intl';

/** How this till is connected and kept. */
export function SettingsScreen() {
  const t = useTranslations('app');
  return <h1>{t('settings')}</h1>;
}
