import { useTranslations } from 'use-intl';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { addType, moveType, removeType } from './changes';
import styles from './Editor.module.css';
import { useEditor } from './editor';
import { fieldId } from './faults';
import { TypeCard } from './TypeCard';

/** What is sold: the ticket types in the order of the Sell screen. */
export function TypesSection({ currency }: { currency: string }) {
  const t = useTranslations('events');
  const announce = useAnnounce();
  const { draft, change, faultAt } = useEditor();
  const count = draft.ticketTypes.length;
  const fault = faultAt('ticketTypes');
  return (
    <section className={styles.section} aria-labelledby="types">
      <h2 id="types">{t('ticketTypes')}</h2>
      <p className={styles.note}>{t('ticketTypesNote')}</p>
      <ol className={styles.rows}>
        {draft.ticketTypes.map((type, index) => (
          <li key={type.id}>
            <TypeCard
              type={type}
              index={index}
              canUp={index > 0}
              canDown={index < count - 1}
              onMove={(by) => {
                change(moveType(draft, type.id, by));
                announce(t('moved', { name: type.name || t('unnamed'), number: index + 1 + by, of: count }));
              }}
              onRemove={count > 1 ? () => change(removeType(draft, type.id)) : undefined}
            />
          </li>
        ))}
      </ol>
      {fault && (
        <p id={fieldId('ticketTypes')} tabIndex={-1} className={styles.fault}>
          {fault}
        </p>
      )}
      <div>
        <Button icon="plus" onPress={() => change(addType(draft, currency))}>
          {t('addType')}
        </Button>
      </div>
    </section>
  );
}
