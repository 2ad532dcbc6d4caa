import { Button, type ButtonProps } from 'react-aria-components/Button';

interface TellingButtonProps extends ButtonProps {
  'aria-busy'?: boolean;
  'aria-keyshortcuts'?: string;
}

/** React Aria's button, which by itself keeps from the page that it is busy and which keys do the same. */
export function TellingButton({ 'aria-busy': busy, 'aria-keyshortcuts': keys, ...props }: TellingButtonProps) {
  return <Button {...props} render={(button) => <button {...button} aria-busy={busy} aria-keyshortcuts={keys} />} />;
}
