import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { connectionQuery, platformQuery, setPlatform } from '~/api/connection';
import type { PlatformKeys, PlatformSet } from '~/api/types';
import { useAdmin } from '~/ui/admin';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { SecretField } from '~/ui/SecretField';
import { useTask } from '~/ui/useTask';
import { feeFaults, feeOf, feeText } from './fee';
import { FeeFields } from './FeeFields';
import styles from './Form.module.css';
import { Actions } from './Section';

const keys = ['secretKey', 'publishableKey', 'clientId'] as const;
const noKeys = { secretKey: '', publishableKey: '', clientId: '' };

/** Says which keys are set, replaces those that are typed, and sets the fee. What was sent is gone from the screen. */
export function PlatformForm({ platform }: { platform: PlatformSet }) {
  const t = useTranslations('office');
  const admin = useAdmin();
  const queries = useQueryClient();
  const task = useTask();
  const [typed, setTyped] = useState(noKeys);
  const [fee, setFee] = useState(() => feeText(platform.fee));
  const [saved, setSaved] = useState(false);
  const faults = feeFaults(fee);

  async function save() {
    setSaved(false);
    if (faults.length > 0) return;
    const sent: PlatformKeys = { fee: feeOf(fee) };
    for (const key of keys) if (typed[key].trim() !== '') sent[key] = typed[key].trim();
    const went = await task.run(async () => {
      const answer = await admin.run((token) => setPlatform(sent, token));
      queries.setQueryData(platformQuery(undefined).queryKey, answer);
      void queries.invalidateQueries({ queryKey: connectionQuery.queryKey });
    });
    if (!went) return;
    setTyped(noKeys);
    setSaved(true);
  }

  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {keys.map((key) => (
        <SecretField
          key={key}
          label={`${t(key)} · ${t(platform[key] ? 'isSet' : 'isNotSet')}`}
          hint={platform[key] ? t('keep') : t(`${key}Hint`)}
          value={typed[key]}
          onChange={(text) => setTyped((old) => ({ ...old, [key]: text }))}
        />
      ))}
      <FeeFields fee={fee} faults={faults} onChange={setFee} />
      {task.error && <ProblemCard error={task.error} onRemedy={task.dismiss} onClose={task.dismiss} />}
      <Actions>
        <Button look="primary" type="submit" isBusy={task.isPending}>
          {t('savePlatform')}
        </Button>
      </Actions>
      <p role="status" className={styles.saved}>
        {saved && t('saved')}
      </p>
    </Form>
  );
}
