import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { SearchSelect } from '~/ui/SearchSelect';
import { TextField } from '~/ui/TextField';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { Picture } from './Picture';

/** What the event is, and where. */
export function AboutSection() {
  const t = useTranslations('events');
  const { draft, change, faultAt } = useEditor();
  const zones = useMemo(
    () => ['UTC', ...Intl.supportedValuesOf('timeZone')].map((id) => ({ id, label: id.replaceAll('_', ' ') })),
    [],
  );
  const text = (at: 'name' | 'place' | 'picture') => ({
    id: fieldId(at),
    value: draft[at],
    onChange: (value: string) => change({ ...draft, [at]: value }),
    error: faultAt(at),
    autoComplete: 'off',
  });
  return (
    <section className={styles.section} aria-labelledby="about">
      <h2 id="about">{t('about')}</h2>
      <div className={styles.fields}>
        <TextField label={t('name')} {...text('name')} />
        <TextField label={t('place')} {...text('place')} />
        <SearchSelect
          id={fieldId('timeZone')}
          label={t('timeZone')}
          open={t('openZones')}
          options={zones}
          value={draft.timeZone}
          onChange={(timeZone) => change({ ...draft, timeZone })}
          error={faultAt('timeZone')}
        />
        <TextField label={t('picture')} hint={t('pictureHint')} type="url" {...text('picture')} />
      </div>
      <Picture address={draft.picture.trim()} />
    </section>
  );
}
