import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { TicketType } from '~/api/types';
import { parsePrice } from '~/domain/price';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { Price, usePrice } from '~/ui/Price';
import { TextField } from '~/ui/TextField';
import styles from './AmountDialog.module.css';
import { amountProblem, suggestionsOf } from './suggestions';

interface AmountDialogProps {
  type: TicketType;
  onPick: (minor: number) => void;
  onClose: () => void;
}

/** Asks what the buyer wants to pay: amounts to tap, or one of their own, within the bounds. */
export function AmountDialog({ type, onPick, onClose }: AmountDialogProps) {
  const t = useTranslations('sell');
  const write = usePrice();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { currency } = type.price;
  const bounds = type.bounds ?? { least: 0, most: 0 };
  const rule = {
    least: write({ minor: bounds.least, currency }),
    most: write({ minor: bounds.most, currency }),
  };
  const parsed = parsePrice(text, currency);
  const problem = parsed.fault ?? amountProblem({ minor: parsed.minor, currency }, bounds);
  const said = !problem ? undefined : problem === 'bounds' ? t('amountBounds', rule) : t('amountWrong');
  return (
    <Dialog
      title={t('amountTitle', { name: type.name })}
      onClose={onClose}
      actions={
        <Button look="quiet" onPress={onClose}>
          {t('amountBack')}
        </Button>
      }
    >
      <p className={styles.rule}>{t('amountRule', rule)}</p>
      <div className={styles.suggestions}>
        {suggestionsOf(type).map((amount) => (
          <Button key={amount.minor} look={amount.minor === type.price.minor ? 'primary' : 'plain'} onPress={() => onPick(amount.minor)}>
            <Price amount={amount} />
          </Button>
        ))}
      </div>
      <form
        className={styles.own}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!parsed.fault && !problem) onPick(parsed.minor);
        }}
      >
        <TextField
          label={t('amountOwn')}
          hint={currency.toUpperCase()}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(value) => {
            setText(value);
            setTried(false);
          }}
          error={tried ? said : undefined}
        />
        <Button type="submit">{t('amountAdd')}</Button>
      </form>
    </Dialog>
  );
}
