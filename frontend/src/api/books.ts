import { queryOptions } from '@tanstack/react-query';
import { asAdmin, type AdminToken } from './access';
import { answered, client } from './client';
import type { Book } from './types';

/** The books of this till: training, Stripe's test mode, real money. */
export const booksQuery = queryOptions({
  queryKey: ['books'],
  queryFn: async ({ signal }) => (await answered(client.GET('/api/books', { signal }))).books,
});

/** Changes to another book: every screen shows it from then on. */
export async function openBook(book: Book['name'], token: AdminToken): Promise<Book[]> {
  return (await answered(client.POST('/api/books/{book}/open', { params: { path: { book } }, ...asAdmin(token) }))).books;
}
