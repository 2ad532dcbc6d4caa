import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { situation } from '~/domain/situation';
import { usePrice } from '~/ui/Price';
import { useSituationWords } from './useSituationWords';

/** How the order stands, as the sentence that a screen reader says. */
export function useOutcome(order: Order): string {
  return useOutcomes()(order);
}

/** Writes the sentence for any order. */
export function useOutcomes(): (order: Order) => string {
  const t = useTranslations();
  const price = usePrice();
  const words = useSituationWords();
  return (order) => {
    const now = situation(order);
    if (now === 'paid') return t('code.announcePaid', { amount: price(order.total), code: order.code });
    return t('code.announceHand', { code: order.code, state: words(order).says });
  };
}
