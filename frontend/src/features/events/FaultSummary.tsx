import type { Ref } from 'react';
import { useTranslations } from 'use-intl';
import type { Fault } from '~/api/problem';
import type { Draft } from './draft';
import styles from './Editor.module.css';
import { fieldId } from './faults';

/** All that is wrong, on top, with a way to each field. It takes the focus when Save finds something. */
export function FaultSummary({ faults, draft, ref }: { faults: readonly Fault[]; draft: Draft; ref: Ref<HTMLDivElement> }) {
  const t = useTranslations('events');
  if (faults.length === 0) return null;
  return (
    <div ref={ref} role="alert" tabIndex={-1} className={styles.summary}>
      <h2>{t('wrong', { count: faults.length })}</h2>
      <p>{t('wrongNote')}</p>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.at} ${fault.message}`}>
            <a
              href={`#${fieldId(fault.at)}`}
              onClick={(event) => {
                event.preventDefault();
                const field = document.getElementById(fieldId(fault.at));
                field?.focus();
              }}
            >
              <FieldName at={fault.at} draft={draft} />
            </a>
            {` ${fault.message}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

const fields = ['name', 'place', 'timeZone', 'picture', 'performances', 'ticketTypes', 'quotas'] as const;

/** Which part of the event a path speaks of, as a person calls it. */
function FieldName({ at, draft }: { at: string; draft: Draft }) {
  const t = useTranslations('events');
  const [, list, index] = /^(\w+)(?:\[(\d+)\])?/.exec(at) ?? [];
  const field = fields.find((one) => one === list) ?? 'name';
  if (index === undefined) return <>{t(`field.${field}`)}</>;
  if (field === 'performances') return <>{t('performance', { number: Number(index) + 1 })}</>;
  const name = draft.ticketTypes[Number(index)]?.name.trim();
  if (field === 'ticketTypes') return <>{name === undefined || name === '' ? t('unnamed') : name}</>;
  return <>{t(`field.${field}`)}</>;
}
