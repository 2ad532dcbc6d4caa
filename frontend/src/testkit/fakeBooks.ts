import type { Closing, Payout } from '~/api/closing';
import type { Drill } from '~/api/drills';
import type { Reconciliation } from '~/api/reconciliation';
import type { ProblemBody } from '~/api/types';
import { closing, drill, reconciliation } from './closeBuilders';

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

type Answer = { body: unknown } | { problem: Partial<ProblemBody> };

/** Stripe's books, how far the till has read them, and the drills of the simulated Stripe, in memory. */
export class FakeBooks {
  closing: Closing = closing();
  /** What the close is after Stripe's books were read. */
  afterReading: Closing | undefined;
  payouts: Payout[] = [];
  reconciliation: Reconciliation = reconciliation();
  drills: Drill[] = [
    drill(),
    drill({ name: 'network_gone' }),
    drill({ name: 'server_errors', group: 'stripe' }),
    drill({ name: 'pays_slowly', group: 'buyer', lasting: false }),
    drill({ name: 'refund_in_dashboard', group: 'money', lasting: false }),
    drill({ name: 'days_offline', group: 'away', lasting: false }),
  ];
  /** Why drills that are done at once find nothing to work on. */
  refusal: string | undefined;

  answer(asked: Asked): Answer | undefined {
    const [, , kind, part, name] = asked.path.split('/');
    if (kind === 'closing') {
      if (part === 'show') return { body: { url: 'http://127.0.0.1:4380/api/closing.pdf', opened: true } };
      if (part === 'read' && this.afterReading) this.closing = this.afterReading;
      return { body: this.closing };
    }
    if (kind === 'payouts') return { body: { payouts: this.payouts } };
    if (kind === 'reconciliation') return { body: this.reconciliation };
    if (kind === 'training' && part === 'drills') return this.drill(asked, name);
    return undefined;
  }

  private drill({ method, body }: Asked, name: string | undefined): Answer {
    const turn = (on: boolean, fits: (one: Drill) => boolean) =>
      (this.drills = this.drills.map((one) => (one.lasting && fits(one) ? { ...one, on } : one)));
    if (method === 'DELETE') turn(false, () => true);
    const found = this.drills.find((one) => one.name === name);
    if (found && !found.lasting && this.refusal) return { problem: { status: 409, code: 'drill_refused', detail: this.refusal } };
    if (found) turn((body as { on?: boolean }).on ?? true, (one) => one === found);
    return { body: { drills: this.drills } };
  }
}
