import { useState } from 'react';
import { TextField } from '~/ui/TextField';
import { amountFault } from './edit';
import { useEditor, useFaultWords } from './editor';
import { fieldId } from './faults';

interface PriceFieldProps {
  at: string;
  label: string;
  currency: string;
  value: string;
  onChange: (text: string) => void;
  hint?: string;
}

/** An amount of money. What is wrong with it is said as soon as the field is left, with Stripe's rule. */
export function PriceField({ at, label, currency, value, onChange, hint }: PriceFieldProps) {
  const { faultAt } = useEditor();
  const words = useFaultWords();
  const [wasLeft, setWasLeft] = useState(false);
  const fault = wasLeft && value.trim() !== '' ? amountFault(value, currency) : undefined;
  return (
    <TextField
      id={fieldId(at)}
      label={label}
      hint={hint}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={onChange}
      onBlur={() => setWasLeft(true)}
      error={fault ? words(fault) : faultAt(at)}
    />
  );
}
