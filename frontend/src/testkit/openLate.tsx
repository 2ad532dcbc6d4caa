import { screen, within } from '@testing-library/react';
import type { LateMoney } from '~/api/types';
import { LateScreen } from '~/features/late/LateScreen';
import { FakeTill } from './fakeTill';
import { renderScreen } from './renderTill';

/** Opens the late-money desk, and there the dialog of the money's action. */
export async function openLate(action: 'Give seats' | 'Refund' | 'Keep it' | 'Note as settled', money: LateMoney, till = new FakeTill()) {
  till.returns.items = [money];
  const shown = renderScreen(<LateScreen answer={() => null} />, till);
  await shown.user.click(await screen.findByRole('button', { name: action }));
  const dialog = await screen.findByRole('dialog');
  const named = (name: RegExp | string) => within(dialog).getByRole('button', { name });
  const sign = async (name = 'Ada') => {
    const field = within(dialog).getByRole('textbox', { name: 'Your name' });
    await shown.user.clear(field);
    await shown.user.type(field, name);
  };
  return { ...shown, dialog, named, sign };
}
