import { createContext, use } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { EventEdit } from '~/api/events';
import { decimals, format, numeral, type Amount } from '~/domain/money';
import type { Draft } from './draft';
import type { DraftFault } from './edit';

/** What every part of the editor shares: the event as it is typed, how to change it, and what is wrong with it. */
export interface Editor {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  /** What is wrong at a path, in words. */
  readonly faultAt: (at: string) => string | undefined;
  /** The event as the book has it now: what Stripe has of it, and how many seats are taken. */
  readonly live: EventEdit | undefined;
}

const EditorContext = createContext<Editor | null>(null);

export const EditorProvider = EditorContext;

export function useEditor(): Editor {
  const editor = use(EditorContext);
  if (!editor) throw new Error('useEditor needs an EditorProvider');
  return editor;
}

/** Puts a fault of the draft into words, with the rule's amount. */
export function useFaultWords(): (fault: Omit<DraftFault, 'at'>) => string {
  const t = useTranslations('events.fault');
  const locale = useLocale();
  return ({ code, amount = { minor: 0, currency: 'eur' } }) =>
    t(code, {
      amount: code === 'figures' || code === 'decimals' ? example(amount) : format(amount, locale),
      currency: amount.currency.toUpperCase(),
      places: decimals(amount.currency),
    });
}

/** How an amount is written in a field of this currency. */
function example({ currency }: Amount): string {
  return numeral({ minor: 24 * 10 ** decimals(currency), currency });
}
