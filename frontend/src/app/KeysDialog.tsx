import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { usePreferences } from '~/ui/preferences';
import { Switch } from '~/ui/Switch';
import styles from './KeysDialog.module.css';

const rows = [
  ['digits', 'add'],
  ['shiftDigits', 'less'],
  ['enter', 'pay'],
  ['K', 'card'],
  ['escape', 'park'],
  ['A', 'check'],
  ['C', 'cancel'],
  ['O', 'front'],
  ['S', 'sell'],
  ['L', 'sales'],
  ['M', 'late'],
  ['E', 'events'],
  ['W', 'posters'],
  ['R', 'reconcile'],
  ['G', 'settings'],
  ['slash', 'search'],
  ['D', 'theme'],
  ['T', 'drills'],
  ['question', 'help'],
] as const;

/** Every key of the till, and the switch that turns single letters off. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('keys');
  const app = useTranslations('app');
  const { preferences, change } = usePreferences();
  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      actions={
        <Button look="primary" onPress={onClose}>
          {app('dismiss')}
        </Button>
      }
    >
      <dl className={styles.keys}>
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key.length === 1 ? key : t(key as 'enter')}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <Switch isOn={preferences.singleKeys} onChange={(singleKeys) => change({ singleKeys })}>
        {t('enable')}
      </Switch>
    </Dialog>
  );
}
