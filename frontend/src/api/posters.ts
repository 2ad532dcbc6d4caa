import { queryOptions } from '@tanstack/react-query';
import { answered, client } from './client';
import type { NewPoster, Poster } from './types';

/** Every poster, newest first. */
export const postersQuery = queryOptions({
  queryKey: ['posters'],
  queryFn: ({ signal }) => answered(client.GET('/api/posters', { signal })),
});

/** Sets seats apart and has Stripe make a link; the same key again gives the same poster. */
export function makePoster(key: string, body: NewPoster): Promise<Poster> {
  return answered(client.POST('/api/posters', { params: { header: { 'Idempotency-Key': key } }, body }));
}

/** Asks Stripe for sales by the poster now. They show by themselves. */
export function checkPoster(id: string): Promise<Poster> {
  return answered(client.POST('/api/posters/{poster}/check', { params: { path: { poster: id } } }));
}

/** Shows one of the poster's files in the system's browser, where the window itself cannot keep a file. */
export function showPosterFile(id: string, file: PosterFile, size: Sheet = 'A4'): Promise<{ url: string; opened: boolean }> {
  return answered(client.POST('/api/posters/{poster}/show', { params: { path: { poster: id }, query: { file, size } } }));
}

/** The files that a poster comes as. */
export type PosterFile = 'poster.pdf' | 'poster.svg' | 'code.svg' | 'code.png';

/** Asks Stripe to close the link. What is left of the seats comes free when Stripe says that nobody can pay any more. */
export function closePoster(id: string): Promise<Poster> {
  return answered(client.POST('/api/posters/{poster}/close', { params: { path: { poster: id } } }));
}

/** The sheets that a poster is printed on. */
export type Sheet = 'A4' | 'A6';

/** Where the sheet is drawn for the screen. */
export function posterPreviewUrl(id: string, sheet: Sheet): string {
  return `${fileOf(id, 'poster.svg')}?size=${sheet}`;
}

/** Where the sheet is taken from to be printed. */
export function posterPdfUrl(id: string, sheet: Sheet): string {
  return `${fileOf(id, 'poster.pdf')}?size=${sheet}&download=1`;
}

/** Where the QR code alone is taken from, for a leaflet or a page of one's own. */
export function posterCodeUrl(id: string, kind: 'png' | 'svg'): string {
  return `${fileOf(id, `code.${kind}`)}?download=1`;
}

function fileOf(id: string, file: string): string {
  return `/api/posters/${encodeURIComponent(id)}/${file}`;
}
