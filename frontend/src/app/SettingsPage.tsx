import { sectionOf, SettingsScreen } from '~/features/settings/SettingsScreen';

export default function SettingsPage({ section }: { section?: string }) {
  return <SettingsScreen key={section} section={sectionOf(section)} />;
}
