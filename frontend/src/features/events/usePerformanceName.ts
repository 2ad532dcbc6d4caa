import { useLocale, useTranslations } from 'use-intl';
import { showTime } from '~/domain/time';
import type { PerformanceDraft } from './draft';

/** A performance as people call it: by its date; the wall's time is written as it is, whatever the zone. */
export function usePerformanceName(): (performance: PerformanceDraft) => string {
  const t = useTranslations('events');
  const locale = useLocale();
  return ({ starts }) => (starts.text === '' ? t('noDate') : showTime(`${starts.text}Z`, 'UTC', locale));
}
