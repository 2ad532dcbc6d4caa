import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Catalogue } from '~/api/types';
import { showTime } from '~/domain/time';
import { usePrice } from '~/ui/Price';
import { Select } from '~/ui/Select';
import { Stepper } from '~/ui/Stepper';
import styles from './SeatPicker.module.css';
import { offersOf, pickedOf, withPick, type Pick } from './seating';

interface SeatPickerProps {
  catalogue: Catalogue;
  picks: readonly Pick[];
  onPick: (picks: readonly Pick[]) => void;
}

/** Seats of any performance: ticket types with what they cost, what is left, and a stepper each. */
export function SeatPicker({ catalogue, picks, onPick }: SeatPickerProps) {
  const t = useTranslations('late.seatForm');
  const locale = useLocale();
  const price = usePrice();
  const [performanceId, setPerformanceId] = useState('');
  const offers = offersOf(catalogue);
  const offer = offers.find(({ performance }) => performance.id === performanceId) ?? offers[0];
  if (!offer) return <p>{t('noPerformance')}</p>;
  const { id } = offer.performance;
  return (
    <div className={styles.picker}>
      <Select
        label={t('performance')}
        value={id}
        onChange={setPerformanceId}
        options={offers.map(({ event, performance }) => ({
          id: performance.id,
          label: [event.name, showTime(performance.startsAt, event.timeZone, locale)].join(', '),
        }))}
      />
      <ul className={styles.types}>
        {offer.ticketTypes.map((type) => {
          const quantity = pickedOf(picks, id, type.id);
          return (
            <li key={type.id} data-none={type.available === 0 ? true : undefined}>
              <span>
                <strong>{type.name}</strong>
                <small>
                  {t('each', { price: price(type.price) })}, {type.available === 0 ? t('soldOut') : t('left', { count: type.available })}
                </small>
              </span>
              {type.available > 0 && (
                <Stepper
                  label={t('quantity', { name: type.name })}
                  fewer={t('fewer', { name: type.name })}
                  more={t('more', { name: type.name })}
                  value={quantity}
                  max={type.available}
                  onChange={(next) => onPick(withPick(picks, { performanceId: id, ticketTypeId: type.id, quantity: Math.max(0, next) }))}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
