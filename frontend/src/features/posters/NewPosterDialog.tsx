import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import type { Poster } from '~/api/types';
import { showTime } from '~/domain/time';
import { Button } from '~/ui/Button';
import { Choice } from '~/ui/Choice';
import { Dialog } from '~/ui/Dialog';
import { usePrice } from '~/ui/Price';
import { ProblemCard } from '~/ui/ProblemCard';
import { Select } from '~/ui/Select';
import { TextField } from '~/ui/TextField';
import styles from './NewPosterDialog.module.css';
import { offersOf, seatsOf } from './offers';
import { useMakePoster } from './useMakePoster';

interface NewPosterDialogProps {
  onMade: (poster: Poster) => void;
  onClose: () => void;
}

/** As many as stay sensible on a wall, until somebody says otherwise. */
const usual = 20;

/** Which performance, which ticket, how many seats: and what that means, before it is done. */
export function NewPosterDialog({ onMade, onClose }: NewPosterDialogProps) {
  const t = useTranslations('posters.form');
  const locale = useLocale();
  const price = usePrice();
  const { data } = useQuery(catalogueQuery);
  const [performanceId, setPerformanceId] = useState('');
  const [typeId, setTypeId] = useState('');
  const [typed, setTyped] = useState<string>();
  const { make, isMaking, error, dismiss } = useMakePoster(onMade);

  const offers = data ? offersOf(data) : [];
  const offer = offers.find(({ performance }) => performance.id === performanceId) ?? offers.find(({ ticketTypes }) => ticketTypes.length > 0) ?? offers[0];
  const kind = offer?.ticketTypes.find(({ id }) => id === typeId) ?? offer?.ticketTypes[0];
  const most = kind?.available ?? 0;
  const text = typed ?? String(Math.min(usual, most));
  const seats = seatsOf(text, most);
  const submit = () => {
    if (!offer || !kind || seats === undefined) return;
    make({ performanceId: offer.performance.id, ticketTypeId: kind.id, allotment: seats });
  };

  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button look="primary" isDisabled={seats === undefined} isBusy={isMaking} onPress={submit}>
            {t(isMaking ? 'making' : 'make')}
          </Button>
        </>
      }
    >
      {error && <ProblemCard error={error} onRemedy={(remedy) => (remedy === 'again' ? submit() : dismiss())} onClose={dismiss} />}
      {!offer && data && <p>{t('noPerformance')}</p>}
      {offer && (
        <Select
          label={t('performance')}
          value={offer.performance.id}
          onChange={setPerformanceId}
          options={offers.map(({ event, performance }) => ({
            id: performance.id,
            label: [event.name, showTime(performance.startsAt, event.timeZone, locale)].join(', '),
          }))}
        />
      )}
      {offer && !kind && <p>{t('noKind')}</p>}
      {offer && kind && (
        <>
          <div className={styles.kinds}>
            <p aria-hidden="true">{t('kind')}</p>
            <Choice
              label={t('kind')}
              value={kind.id}
              onChange={setTypeId}
              options={offer.ticketTypes.map((type) => ({ id: type.id, label: t('each', { name: type.name, price: price(type.price) }) }))}
            />
          </div>
          <TextField
            label={t('seats')}
            hint={t('atMost', { count: most })}
            inputMode="numeric"
            autoComplete="off"
            value={text}
            onChange={setTyped}
            error={seats === undefined ? t('wrongSeats', { count: most }) : undefined}
          />
          <p className={styles.means} aria-live="polite">
            {seats !== undefined && t('means', { count: seats })}
          </p>
        </>
      )}
    </Dialog>
  );
}
