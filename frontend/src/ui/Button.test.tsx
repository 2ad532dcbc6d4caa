import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Button } from './Button';

test('a button says that it is busy, and which key does the same', () => {
  const { rerender } = render(
    <Button isBusy keyHint="A" aria-keyshortcuts="A">
      Check
    </Button>,
  );
  const told = () => ['aria-busy', 'aria-keyshortcuts'].map((name) => screen.getByRole('button', { name: 'Check' }).getAttribute(name));
  expect(told()).toEqual(['true', 'A']);
  rerender(<Button>Check</Button>);
  expect(told()).toEqual(['false', null]);
});
