import { useTranslations } from 'use-intl';
import type { Ticket } from '~/api/types';
import { Checkbox } from '~/ui/Checkbox';

interface TicketChecksProps {
  /** Names the group for screen readers. */
  label: string;
  tickets: readonly Ticket[];
  ticked: ReadonlySet<string>;
  onTick: (ticked: ReadonlySet<string>) => void;
}

/** Tickets to tick, one a row; one whose refund is under way stands there and cannot be. */
export function TicketChecks({ label, tickets, ticked, onTick }: TicketChecksProps) {
  const t = useTranslations('refund');
  return (
    <div role="group" aria-label={label}>
      {tickets.map(({ id, number, of, name, refunding }) => (
        <Checkbox
          key={id}
          isOn={ticked.has(id)}
          isDisabled={refunding}
          onChange={(isOn) => {
            const next = new Set(ticked);
            if (isOn) next.add(id);
            else next.delete(id);
            onTick(next);
          }}
        >
          {t(refunding ? 'ticketRefunding' : 'ticket', { number, of, name })}
        </Checkbox>
      ))}
    </div>
  );
}
