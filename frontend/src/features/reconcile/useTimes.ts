import { useMemo } from 'react';
import { useLocale, useTimeZone } from 'use-intl';
import type { Span } from '~/domain/period';
import { wallTime } from '~/domain/zone';

/** How times are written on the close: in the browser's zone, with their day. */
export function useTimes() {
  const locale = useLocale();
  const timeZone = useTimeZone();
  return useMemo(() => {
    const minute = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone });
    const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone });
    return {
      /** `21 Nov, 14:03` */
      at: (moment: string) => minute.format(new Date(moment)),
      /** `Sat 21 Nov 2026` */
      on: (moment: string) => day.format(new Date(moment)),
      /** `Sun 1 Nov – Sat 7 Nov 2026` for whole days; else `20 Nov, 14:03 – 21 Nov, 09:00`, the end rounded up to the full minute. */
      span: ({ from, to }: Span) => {
        const end = new Date(Math.ceil((Date.parse(to) + 1) / 60_000) * 60_000);
        const isDays = [from, end.toISOString()].every((edge) => wallTime(edge, timeZone ?? 'UTC').endsWith('T00:00'));
        return isDays ? day.formatRange(new Date(from), new Date(to)) : minute.formatRange(new Date(from), end);
      },
    };
  }, [locale, timeZone]);
}
