import { useTranslations } from 'use-intl';
import type { Order } from '~/api/types';
import { isTyped, situation, type Situation } from '~/domain/situation';
import { card } from '~/messages/card.en';

type OfCard = keyof typeof card.situations;

/** What the order's situation says and means for the money; a card that is typed here has words of its own for some. */
export function useSituationWords(): (order: Order) => { says: string; money: string } {
  const t = useTranslations();
  return (order) => {
    const state = situation(order);
    const words = isTyped(order) && differs(state) ? (`card.situations.${state}` as const) : (`situations.${state}` as const);
    return { says: t(`${words}.says`), money: t(`${words}.money`) };
  };
}

function differs(state: Situation): state is OfCard {
  return Object.hasOwn(card.situations, state);
}
