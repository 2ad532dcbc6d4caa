import { parseDate, type DateValue } from '@internationalized/date';
import { Button } from 'react-aria-components/Button';
import { DateInput, DateSegment } from 'react-aria-components/DateField';
import { DateRangePicker } from 'react-aria-components/DateRangePicker';
import { Dialog } from 'react-aria-components/Dialog';
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Heading } from 'react-aria-components/Heading';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Label } from 'react-aria-components/Label';
import { Popover } from 'react-aria-components/Popover';
import { CalendarCell, CalendarGrid, RangeCalendar } from 'react-aria-components/RangeCalendar';
import { useLocale } from 'use-intl';
import type { Days } from '~/domain/period';
import styles from './DateRangeField.module.css';
import { Icon } from './Icon';

interface DateRangeFieldProps {
  label: string;
  /** Days of the calendar, both included. */
  value: Days;
  onChange: (days: Days) => void;
  /** The last day that can be chosen. */
  latest: string;
  error?: string | undefined;
  /** What the button says that opens the calendar. */
  calendar: string;
}

/** From one day to another: typed, stepped by the arrow keys, or taken from a calendar. */
export function DateRangeField({ label, value, onChange, latest, error, calendar }: DateRangeFieldProps) {
  const locale = useLocale();
  return (
    <I18nProvider locale={locale}>
      <DateRangePicker<DateValue>
        className={styles.field ?? ''}
        value={{ start: parseDate(value.first), end: parseDate(value.last) }}
        maxValue={parseDate(latest)}
        isInvalid={error !== undefined}
        validationBehavior="aria"
        onChange={(range) => {
          if (range && range.start.compare(range.end) <= 0) onChange({ first: range.start.toString(), last: range.end.toString() });
        }}
      >
        <Label className={styles.label ?? ''}>{label}</Label>
        <Group className={styles.row ?? ''}>
          <DateInput slot="start" className={styles.date ?? ''}>
            {(segment) => <DateSegment segment={segment} className={styles.segment ?? ''} />}
          </DateInput>
          <span aria-hidden="true">–</span>
          <DateInput slot="end" className={styles.date ?? ''}>
            {(segment) => <DateSegment segment={segment} className={styles.segment ?? ''} />}
          </DateInput>
          <Button className={styles.open ?? ''} aria-label={calendar}>
            <Icon name="calendar" />
          </Button>
        </Group>
        <FieldError className={styles.error ?? ''}>{error}</FieldError>
        <Popover className={styles.popover ?? ''}>
          <Dialog className={styles.dialog ?? ''}>
            <RangeCalendar>
              <header className={styles.head}>
                <Button slot="previous" className={styles.step ?? ''}>
                  <Icon name="back" />
                </Button>
                <Heading className={styles.month ?? ''} />
                <Button slot="next" className={styles.step ?? ''}>
                  <Icon name="forward" />
                </Button>
              </header>
              <CalendarGrid className={styles.grid ?? ''}>
                {(date) => <CalendarCell date={date} className={styles.day ?? ''} />}
              </CalendarGrid>
            </RangeCalendar>
          </Dialog>
        </Popover>
      </DateRangePicker>
    </I18nProvider>
  );
}
