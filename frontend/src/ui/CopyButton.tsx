import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAnnounce } from './announcer';
import { Button } from './Button';

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({ name, text }: { name: string; text: string }) {
  const t = useTranslations('secret');
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<'copy' | 'copied' | 'notCopied'>('copy');
  async function copy() {
    let next: typeof outcome = 'copied';
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      next = 'notCopied';
    }
    setOutcome(next);
    announce(t(next, { name }));
  }
  return (
    <Button look="quiet" icon={outcome === 'copied' ? 'tick' : 'copy'} onPress={() => void copy()}>
      {t(outcome, { name })}
    </Button>
  );
}
