import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { eventEdit, mirrored, typeEdit } from '~/testkit/builders';
import { FakeTill } from '~/testkit/fakeTill';
import { renderScreen } from '~/testkit/renderTill';
import { EventsScreen } from './EventsScreen';

function show(...events: ReturnType<typeof eventEdit>[]) {
  const till = new FakeTill();
  till.events = events;
  const onOpen = vi.fn();
  return { ...renderScreen(<EventsScreen onOpen={onOpen} />, till), onOpen };
}

test('each event with its place, its seats, its types and how far Stripe has it', async () => {
  show(eventEdit(), eventEdit({ id: 'hamlet', name: 'Hamlet', ticketTypes: [typeEdit({ mirror: { state: 'refused' } })] }));
  const tale = await screen.findByRole('link', { name: /Winter/ });
  expect(tale.getAttribute('href')).toBe('#/events/tale');
  for (const words of ['Playhouse', '7 of 240 seats taken', '2 ticket types', 'At Stripe']) expect(tale.textContent).toContain(words);
  expect(screen.getByRole('link', { name: /Hamlet/ }).textContent).toContain('Stripe refused');
});

test('archived events stay folded until they are asked for', async () => {
  const { user } = show(eventEdit(), eventEdit({ id: 'old', name: 'Old times', archived: true }));
  const fold = await screen.findByRole('button', { name: '1 archived event' });
  expect(screen.queryByRole('link', { name: /Old times/ })).toBeNull();
  await user.click(fold);
  expect(within(screen.getByRole('region', { name: '1 archived event' })).getByRole('link', { name: /Old times/ })).toBeDefined();
});

test('ways to a new event and to import; nothing yet is said', async () => {
  const { user, onOpen } = show();
  expect(await screen.findByText('There is no event yet.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'New event' }));
  await user.click(screen.getByRole('button', { name: 'Import from Stripe' }));
  expect(onOpen.mock.calls).toEqual([['new'], ['import']]);
});

test('what Stripe is being told changes while one looks', async () => {
  const { till } = show(mirrored(eventEdit(), 'pending'));
  expect(await screen.findByText('Stripe is being told')).toBeDefined();
  till.keepEvent(mirrored(eventEdit(), 'done'));
  expect(await screen.findByText('At Stripe')).toBeDefined();
});

test('the till does not answer: said, and tried again', async () => {
  const till = new FakeTill();
  till.events = [eventEdit()];
  till.down(/events/, { status: 422, code: 'book_locked' });
  const { user } = renderScreen(<EventsScreen onOpen={vi.fn()} />, till);
  const again = await screen.findByRole('button', { name: 'Try again' });
  till.behave();
  await user.click(again);
  expect(await screen.findByRole('link', { name: /Winter/ })).toBeDefined();
});
