import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '~/ui/Button';
import { Switch } from '~/ui/Switch';
import { TextField } from '~/ui/TextField';
import { withType } from './changes';
import type { TypeDraft } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { MirrorMark } from './MirrorMark';
import { TypeDetails } from './TypeDetails';
import { TypePrice } from './TypePrice';

interface TypeCardProps {
  type: TypeDraft;
  index: number;
  canUp: boolean;
  canDown: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove: (() => void) | undefined;
}

const inDetails = ['description', 'taxRate.name', 'taxRate.percent', 'saleFrom', 'saleUntil', 'least', 'most'];

/** One ticket type: its name and price in sight, the rest when it is asked for or wrong. */
export function TypeCard({ type, index, canUp, canDown, onMove, onRemove }: TypeCardProps) {
  const t = useTranslations('events');
  const { draft, change, faultAt, live } = useEditor();
  const details = useId();
  const [isOpen, setOpen] = useState(false);
  const at = `ticketTypes[${index}]`;
  const name = type.name.trim() || t('unnamed');
  const shown = isOpen || inDetails.some((field) => faultAt(`${at}.${field}`));
  const mirror = live?.ticketTypes.find(({ id }) => id === type.id)?.mirror;
  const adoptFault = faultAt(`${at}.adopt`);
  return (
    <div role="group" aria-label={name} className={styles.card}>
      <div className={styles.cardHead}>
        <TextField
          id={fieldId(`${at}.name`)}
          label={t('typeName')}
          autoComplete="off"
          value={type.name}
          onChange={(value) => change(withType(draft, type.id, { name: value }))}
          error={faultAt(`${at}.name`)}
        />
        <div className={styles.tools}>
          <Button look="quiet" icon="up" aria-label={t('up', { name })} isDisabled={!canUp} onPress={() => onMove(-1)} />
          <Button look="quiet" icon="down" aria-label={t('down', { name })} isDisabled={!canDown} onPress={() => onMove(1)} />
          {onRemove && <Button look="quiet" icon="cross" aria-label={t('removeType', { name })} onPress={onRemove} />}
        </div>
      </div>
      <TypePrice type={type} at={at} />
      {adoptFault && (
        <p id={fieldId(`${at}.adopt`)} tabIndex={-1} className={styles.fault}>
          {adoptFault}
        </p>
      )}
      <div className={styles.cardFoot}>
        <Switch isOn={type.onSale} onChange={(onSale) => change(withType(draft, type.id, { onSale }))}>
          {t(type.onSale ? 'onSale' : 'offSale')}
        </Switch>
        {mirror && <MirrorMark mirror={mirror} />}
        <Button
          look="quiet"
          icon={shown ? 'up' : 'down'}
          aria-expanded={shown}
          aria-controls={details}
          onPress={() => setOpen(!shown)}
        >
          {t('details', { name })}
        </Button>
      </div>
      <div id={details} hidden={!shown}>
        {shown && <TypeDetails type={type} at={at} />}
      </div>
    </div>
  );
}
