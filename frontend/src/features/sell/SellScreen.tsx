import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import { Problem, type Remedy } from '~/api/problem';
import type { Catalogue, Order } from '~/api/types';
import { useAnnounce } from '~/ui/announcer';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { itemsOf, quantityOf } from './cart';
import { CartPanel } from './CartPanel';
import { useCart } from './CartProvider';
import { performancesOf, type Dated } from './performances';
import { ShowHead } from './ShowHead';
import styles from './SellScreen.module.css';
import { TypeTile } from './TypeTile';
import { usePay } from './usePay';

/** Ticket types on the left, the cart on the right: two taps to a code. */
export function SellScreen({ onPlaced }: { onPlaced: (order: Order) => void }) {
  const catalogue = useQuery(catalogueQuery);
  const queries = useQueryClient();
  if (catalogue.data) return <Sale catalogue={catalogue.data} onPlaced={onPlaced} />;
  if (!catalogue.error) return null;
  return <ProblemCard error={catalogue.error} onRemedy={() => void queries.refetchQueries()} />;
}

function Sale({ catalogue, onPlaced }: { catalogue: Catalogue; onPlaced: (order: Order) => void }) {
  const t = useTranslations('sell');
  const announce = useAnnounce();
  const queries = useQueryClient();
  const { cart, setQuantity } = useCart();
  const performances = performancesOf(catalogue);
  const email = useRef<HTMLInputElement>(null);
  const [pickedId, pick] = useState('');
  const shown = performances.find(({ performance }) => performance.id === pickedId) ?? performances[0];
  const items = itemsOf(cart, catalogue);
  const { pay, isPaying, error, dismiss } = usePay(items, onPlaced);

  function step(place: Dated, index: number, by: 1 | -1) {
    const type = place.performance.ticketTypes[index];
    if (!type || isPaying) return;
    const line = { performanceId: place.performance.id, ticketTypeId: type.id };
    const quantity = quantityOf(cart, line) + by;
    if (quantity < 0) return;
    if (by > 0 && quantity > type.available) {
      announce(t('noMore', { name: type.name }));
      return;
    }
    dismiss();
    setQuantity(line, quantity);
    announce(t('added', { name: type.name, count: quantity }));
  }

  function remedy(next: Remedy) {
    if (next === 'reload') window.location.reload();
    else if (next === 'again') pay();
    else if (next === 'correct') email.current?.focus();
    else {
      dismiss();
      void queries.invalidateQueries();
    }
  }

  useShortcuts({
    ...(shown ? digitKeys(shown, (index, by) => step(shown, index, by)) : {}),
    Enter: pay,
    p: pay,
    Escape: error ? dismiss : undefined,
  });

  if (!shown) return <Empty>{t('nothingOnSale')}</Empty>;
  return (
    <div className={styles.sell}>
      <section className={styles.choose} aria-labelledby="show">
        <ShowHead performances={performances} shown={shown} onPick={pick} />
        <ul className={styles.tiles}>
          {shown.performance.ticketTypes.map((type, index) => (
            <li key={type.id}>
              <TypeTile
                type={type}
                keyHint={index < 9 ? String(index + 1) : undefined}
                quantity={quantityOf(cart, { performanceId: shown.performance.id, ticketTypeId: type.id })}
                onAdd={() => step(shown, index, 1)}
              />
            </li>
          ))}
        </ul>
      </section>
      <CartPanel
        items={items}
        emailRef={email}
        showsPerformance={performances.length > 1}
        isPaying={isPaying}
        emailRejected={error instanceof Problem && error.code === 'bad_email'}
        problem={error && <ProblemCard error={error} onRemedy={remedy} onClose={dismiss} />}
        onPay={pay}
        onChange={dismiss}
      />
    </div>
  );
}

/** The digits add a ticket type; with Shift they take one away. */
function digitKeys(place: Dated, step: (index: number, by: 1 | -1) => void) {
  return Object.fromEntries(
    place.performance.ticketTypes.slice(0, 9).flatMap((_, index) => [
      [String(index + 1), () => step(index, 1)],
      [`shift+Digit${index + 1}`, () => step(index, -1)],
    ]),
  );
}
