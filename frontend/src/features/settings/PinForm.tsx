import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useTranslations } from 'use-intl';
import { accessQuery, setPin } from '~/api/access';
import { useAdmin } from '~/ui/admin';
import { useAnnounce } from '~/ui/announcer';
import { Button } from '~/ui/Button';
import { ProblemCard } from '~/ui/ProblemCard';
import { SecretField } from '~/ui/SecretField';
import { useTask } from '~/ui/useTask';
import styles from './Form.module.css';
import { Actions } from './Section';

/** Sets the first PIN, or another one for whoever knows the one until now. */
export function PinForm({ pinSet }: { pinSet: boolean }) {
  const t = useTranslations('office');
  const { keep } = useAdmin();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const task = useTask();
  const [current, setCurrent] = useState('');
  const [pin, setNewPin] = useState('');
  const [tried, setTried] = useState(false);
  const short = tried && pin.length < 4;

  async function save() {
    setTried(true);
    if (pin.length < 4) return;
    const [newPin, oldPin] = [pin, current];
    const saved = await task.run(async () => keep(await setPin(newPin, oldPin)));
    setCurrent('');
    if (!saved) return;
    setNewPin('');
    setTried(false);
    announce(t('pinSaved'));
    void queries.invalidateQueries({ queryKey: accessQuery.queryKey });
  }

  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3>{t(pinSet ? 'changePin' : 'setPin')}</h3>
      {pinSet && <SecretField label={t('currentPin')} digits value={current} onChange={setCurrent} />}
      <SecretField label={t('newPin')} hint={t('pinHint')} error={short ? t('pinHint') : undefined} digits value={pin} onChange={setNewPin} />
      {task.error && <ProblemCard error={task.error} onRemedy={task.dismiss} onClose={task.dismiss} />}
      <Actions>
        <Button type="submit" isBusy={task.isPending}>
          {t('savePin')}
        </Button>
      </Actions>
    </Form>
  );
}
