import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Icon, type IconName } from '~/ui/Icon';
import { AdminSection } from './AdminSection';
import { BookSection } from './BookSection';
import styles from './SettingsScreen.module.css';
import { StripeSection } from './StripeSection';
import { VaultSection } from './VaultSection';
import { WebhookSection } from './WebhookSection';

const sections = ['stripe', 'book', 'admin', 'keys', 'webhook'] as const;
export type SectionName = (typeof sections)[number];

const icons: Record<SectionName, IconName> = { stripe: 'link', book: 'ticket', admin: 'lock', keys: 'keys', webhook: 'again' };

const contents: Record<SectionName, () => ReactNode> = {
  stripe: () => <StripeSection />,
  book: () => <BookSection />,
  admin: () => <AdminSection />,
  keys: () => <VaultSection />,
  webhook: () => <WebhookSection />,
};

/** The section of an address; the first one for an address that names none. */
export function sectionOf(name: string | undefined): SectionName {
  return sections.find((section) => section === name) ?? 'stripe';
}

/** How this till is connected and kept: a list of sections, and the one that the address names. */
export function SettingsScreen({ section }: { section: SectionName }) {
  const t = useTranslations('settings');
  return (
    <div className={styles.screen}>
      <h1>{t('title')}</h1>
      <div className={styles.columns}>
        <nav aria-label={t('sections')} className={styles.list}>
          {sections.map((name) => (
            <Link key={name} href={`/settings/${name}`} className={styles.link} aria-current={name === section ? 'page' : undefined}>
              <Icon name={icons[name]} />
              {t(name)}
            </Link>
          ))}
        </nav>
        <div key={section} className={styles.content}>
          {contents[section]()}
        </div>
      </div>
    </div>
  );
}
