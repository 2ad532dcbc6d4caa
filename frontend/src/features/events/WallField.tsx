import { useTranslations } from 'use-intl';
import { momentsOf } from '~/domain/zone';
import { Choice } from '~/ui/Choice';
import { DateTimeField } from '~/ui/DateTimeField';
import type { Wall } from './draft';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';

interface WallFieldProps {
  at: string;
  label: string;
  hint?: string;
  value: Wall;
  onChange: (value: Wall) => void;
}

/** A time as the clocks of the event's place show it; on the night when an hour comes twice it asks which. */
export function WallField({ at, label, hint, value, onChange }: WallFieldProps) {
  const t = useTranslations('events');
  const { draft, faultAt } = useEditor();
  const moments = momentsOf(value.text, draft.timeZone);
  const isMissing = value.text !== '' && moments.length === 0;
  return (
    <div className={styles.field}>
      <DateTimeField
        id={fieldId(at)}
        label={label}
        hint={hint}
        value={value.text}
        onChange={(text) => onChange({ text, later: false })}
        error={isMissing ? t('fault.noTime') : faultAt(at)}
      />
      {moments.length === 2 && (
        <div className={styles.twice}>
          <p>{t('twice')}</p>
          <Choice
            label={t('whichHour')}
            value={value.later ? 'second' : 'first'}
            onChange={(which) => onChange({ ...value, later: which === 'second' })}
            options={[
              { id: 'first', label: t('firstHour') },
              { id: 'second', label: t('secondHour') },
            ]}
          />
        </div>
      )}
    </div>
  );
}
