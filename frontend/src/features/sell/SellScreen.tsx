import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { catalogueQuery } from '~/api/catalogue';
import { Problem, type Remedy } from '~/api/problem';
import { statusQuery } from '~/api/status';
import type { Catalogue, Order, TicketType } from '~/api/types';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { ProblemCard } from '~/ui/ProblemCard';
import { useShortcuts } from '~/ui/shortcuts';
import { AmountDialog } from './AmountDialog';
import { countOf, itemsOf, orderedOf, quantityOf, stepped, type LineKind } from './cart';
import { CartPanel } from './CartPanel';
import { useCart } from './CartProvider';
import { performancesOf, type Dated } from './performances';
import { ShowHead } from './ShowHead';
import styles from './SellScreen.module.css';
import { TypeTile } from './TypeTile';
import { usePay } from './usePay';

interface SellScreenProps {
  onPlaced: (order: Order) => void;
  /** To where an event is set up, when there is none to sell for. */
  onSetUp: () => void;
}

/** Ticket types on the left, the cart on the right: two taps to a code. */
export function SellScreen({ onPlaced, onSetUp }: SellScreenProps) {
  const catalogue = useQuery(catalogueQuery);
  const queries = useQueryClient();
  if (catalogue.data) return <Sale catalogue={catalogue.data} onPlaced={onPlaced} onSetUp={onSetUp} />;
  if (!catalogue.error) return null;
  return <ProblemCard error={catalogue.error} onRemedy={() => void queries.refetchQueries()} />;
}

function Sale({ catalogue, onPlaced, onSetUp }: { catalogue: Catalogue } & SellScreenProps) {
  const t = useTranslations('sell');
  const announce = useAnnounce();
  const queries = useQueryClient();
  const { cart, setQuantity } = useCart();
  const performances = performancesOf(catalogue);
  const email = useRef<HTMLInputElement>(null);
  const [pickedId, pick] = useState('');
  const shown = performances.find(({ performance }) => performance.id === pickedId) ?? performances[0];
  const items = itemsOf(cart, catalogue);
  const { data: status } = useQuery(statusQuery);
  const { pay, tender, isPaying, error, dismiss } = usePay(items, onPlaced);
  const [asked, ask] = useState<LineKind & { type: TicketType }>();
  const canType = status?.canType ?? false;

  function step(place: Dated, index: number, by: 1 | -1) {
    const type = place.performance.ticketTypes[index];
    if (!type || isPaying || (by > 0 && !type.onSale)) return;
    const kind = { performanceId: place.performance.id, ticketTypeId: type.id };
    if (!type.bounds) put(kind, type, by);
    else if (by > 0) ask({ ...kind, type });
    else {
      const last = cart.lines.findLast((line) => line.performanceId === kind.performanceId && line.ticketTypeId === type.id);
      if (last) put(last, type, by);
    }
  }

  function put(kind: LineKind, type: TicketType, by: 1 | -1) {
    const quantity = stepped(cart, kind, type, by);
    const more = quantity - quantityOf(cart, kind);
    if (quantity < 0) return;
    if (more > 0 && countOf(cart, kind.performanceId, type.id) + more > type.available) {
      announce(t('noMore', { name: type.name }));
      return;
    }
    if (more > 0 && orderedOf(cart, type.id) + more > type.most) {
      announce(t('noMoreInOrder', { name: type.name, count: type.most }));
      return;
    }
    dismiss();
    setQuantity(kind, quantity);
    announce(t('added', { name: type.name, count: quantity }));
  }

  function remedy(next: Remedy) {
    if (next === 'reload') window.location.reload();
    else if (next === 'again') pay(tender);
    else if (next === 'correct') email.current?.focus();
    else {
      dismiss();
      void queries.invalidateQueries();
    }
  }

  useShortcuts({
    ...(shown ? digitKeys(shown, (index, by) => step(shown, index, by)) : {}),
    Enter: () => pay(),
    p: () => pay(),
    k: canType ? () => pay('card') : undefined,
    Escape: error ? dismiss : undefined,
  });

  if (!shown) {
    return (
      <Empty
        title={t('nothingOnSale')}
        action={
          <Button look="primary" icon="plus" onPress={onSetUp}>
            {t('setUp')}
          </Button>
        }
      >
        {t('nothingOnSaleNext')}
      </Empty>
    );
  }
  return (
    <div className={styles.sell}>
      <section className={styles.choose} aria-labelledby="show">
        <ShowHead performances={performances} shown={shown} onPick={pick} />
        <ul className={styles.tiles}>
          {shown.performance.ticketTypes.map((type, index) => (
            <li key={type.id}>
              <TypeTile
                type={type}
                timeZone={shown.event.timeZone}
                keyHint={index < 9 ? String(index + 1) : undefined}
                quantity={countOf(cart, shown.performance.id, type.id)}
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
        onPay={() => pay()}
        onCard={canType ? () => pay('card') : undefined}
        onChange={dismiss}
      />
      {asked && (
        <AmountDialog
          type={asked.type}
          onClose={() => ask(undefined)}
          onPick={(chosen) => {
            put({ performanceId: asked.performanceId, ticketTypeId: asked.ticketTypeId, chosen }, asked.type, 1);
            ask(undefined);
          }}
        />
      )}
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
