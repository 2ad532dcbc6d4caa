import { useTranslations } from 'use-intl';
import { allowDelayed } from '~/api/connection';
import type { Connection } from '~/api/types';
import { methodName } from '~/domain/methodName';
import { ProblemCard } from '~/ui/ProblemCard';
import { Switch } from '~/ui/Switch';
import { Section } from './Section';
import { useConnecting } from './useConnecting';

/** How buyers can pay: what the account offers and is decided at once, and by choice what banks decide days later. */
export function MethodsSection({ connection: { methods, delayed } }: { connection: Connection }) {
  const t = useTranslations('connect');
  const task = useConnecting();
  const choose = (next: boolean) => void task.connect((token) => allowDelayed(next, token));
  return (
    <Section title={t('methods')} lead={t('methodsLead')}>
      <p>{methods.length > 0 ? methods.map(methodName).join(', ') : t('noMethods')}</p>
      <Switch isOn={delayed} onChange={choose}>
        {t('delayed')}
      </Switch>
      <p>{t('delayedMeans')}</p>
      {task.error && <ProblemCard error={task.error} onRemedy={() => choose(!delayed)} onClose={task.dismiss} />}
    </Section>
  );
}
