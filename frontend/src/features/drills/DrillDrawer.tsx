import { useTranslations } from 'use-intl';
import { Drawer } from '~/ui/Drawer';
import { DrillPanel } from './DrillPanel';

/** The drills beside whatever is on the screen. */
export default function DrillDrawer({ onClose }: { onClose: () => void }) {
  const t = useTranslations('drills');
  return (
    <Drawer title={t('title')} close={t('close')} onClose={onClose}>
      <DrillPanel />
    </Drawer>
  );
}
