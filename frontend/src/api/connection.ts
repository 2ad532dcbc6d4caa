import { queryOptions } from '@tanstack/react-query';
import { asAdmin, type AdminToken } from './access';
import { answered, client } from './client';
import type { Connection, Consent, PlatformKeys, PlatformSet } from './types';

/** On which Stripe account the book sells, and how. */
export const connectionQuery = queryOptions({
  queryKey: ['connection'],
  queryFn: ({ signal }) => answered(client.GET('/api/connection', { signal })),
});

/** What a restricted key must be allowed, by the names of Stripe's Dashboard, and where such a key is made. */
export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  staleTime: Infinity,
  queryFn: ({ signal }) => answered(client.GET('/api/connection/permissions', { signal })),
});

/** Connects by a key of the account's own; each permission is tried, so it takes some seconds. */
export function connectByKey(key: string, publishableKey: string, token: AdminToken): Promise<Connection> {
  return answered(
    client.PUT('/api/connection/key', {
      ...asAdmin(token),
      body: { key, ...(publishableKey ? { publishableKey } : {}) },
    }),
  );
}

/** Says whether buyers of later sales may pay in ways that are decided days later. */
export function allowDelayed(delayed: boolean, token: AdminToken): Promise<Connection> {
  return answered(client.PUT('/api/connection/methods', { ...asAdmin(token), body: { delayed } }));
}

/** Asks for the organizer's consent: the answer says where to give it. */
export function beginConsent(token: AdminToken): Promise<Consent> {
  return answered(client.POST('/api/connection/oauth', asAdmin(token)));
}

/** Connects by the address that the browser ended on. */
export function pasteConsent(address: string, token: AdminToken): Promise<Connection> {
  return answered(client.POST('/api/connection/oauth/paste', { ...asAdmin(token), body: { address } }));
}

/** Sells on the account no longer; `force` forgets the keys even if Stripe cannot be told. */
export function disconnect(force: boolean, token: AdminToken): Promise<Connection> {
  return answered(
    client.DELETE('/api/connection', { params: force ? { query: { force } } : {}, ...asAdmin(token) }),
  );
}

/** Opens the webhook's address with a signing secret; "" closes it. */
export function setWebhook(secret: string, token: AdminToken): Promise<Connection> {
  return answered(client.PUT('/api/connection/webhook', { ...asAdmin(token), body: { secret } }));
}

/** Which of the platform's keys are set; the keys themselves cannot be read by anybody. */
export const platformQuery = (token: AdminToken) =>
  queryOptions({
    queryKey: ['platform'],
    queryFn: ({ signal }) => answered(client.GET('/api/platform', { ...asAdmin(token), signal })),
    enabled: token !== undefined,
    gcTime: 0,
    retry: false,
  });

/** Registers the platform; what is absent stays as it is. */
export function setPlatform(keys: PlatformKeys, token: AdminToken): Promise<PlatformSet> {
  return answered(client.PUT('/api/platform', { ...asAdmin(token), body: keys }));
}
