import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { readStatement } from '~/api/closing';
import type { Span } from '~/domain/period';
import { useAnnounce } from '~/ui/announcer';
import { useTask, type Task } from '~/ui/useTask';

interface Reading {
  task: Task;
  /** It was read, and what is shown is what was found. */
  hasRead: boolean;
  read: (span: Span) => Promise<void>;
}

/** Has Stripe's own books read because a person asks, and everything shown anew that depends on them. */
export function useReading(): Reading {
  const t = useTranslations('reconcile');
  const announce = useAnnounce();
  const queries = useQueryClient();
  const task = useTask();
  const [hasRead, setRead] = useState(false);
  async function read(span: Span) {
    const done = await task.run(() => readStatement(span));
    await queries.invalidateQueries();
    setRead(done);
    if (done) announce(t('hasRead'));
  }
  return { task, hasRead, read };
}
