import { queryOptions } from '@tanstack/react-query';
import { answered, client, done } from './client';
import type { Access, Admin } from './types';

/** The administrator's right, as `Willcall-Admin` takes it; undefined while nobody has given the PIN. */
export type AdminToken = string | undefined;

/** The header of what only the administrator may. */
export function asAdmin(token: AdminToken): { headers?: { 'Willcall-Admin': string } } {
  return token ? { headers: { 'Willcall-Admin': token } } : {};
}

/** Whether there is a PIN, and whether the keys can be read. */
export const accessQuery = queryOptions({
  queryKey: ['access'],
  queryFn: ({ signal }) => answered(client.GET('/api/access', { signal })),
});

/** Sets the PIN, 4 to 12 digits; where there is one already, `current` is that one. */
export function setPin(pin: string, current: string): Promise<Admin> {
  return answered(client.PUT('/api/access/pin', { body: { pin, ...(current ? { current } : {}) } }));
}

/** Makes whoever knows the PIN the administrator, for a while. */
export function unlock(pin: string): Promise<Admin> {
  return answered(client.POST('/api/access/unlock', { body: { pin } }));
}

/** The right ends. */
export function lock(token: string): Promise<void> {
  return done(client.POST('/api/access/lock', asAdmin(token)));
}

/** Opens the sealed file of keys, or makes it: the first passphrase, 8 characters at the least, is the one that counts. */
export function openVault(passphrase: string): Promise<Access> {
  return answered(client.POST('/api/access/vault', { body: { passphrase } }));
}

