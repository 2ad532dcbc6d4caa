/** The till's own API, typed by the OpenAPI document. Relative addresses only: the window's origin is wails://wails. */
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import { Problem } from './problem';

export const client = createClient<paths>({ baseUrl: '', fetch: (request) => globalThis.fetch(request) });

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Throws a Problem: the server's own, or `no_answer` when there was none. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const answer = await heard(call);
  if (answer.data !== undefined && answer.response.ok) return answer.data;
  throw Problem.from(answer.error, answer.response.status);
}

/** Like `answered`, for a request whose good answer has no body. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  const answer = await heard(call);
  if (!answer.response.ok) throw Problem.from(answer.error, answer.response.status);
}

async function heard<Data>(call: Promise<Answer<Data>>): Promise<Answer<Data>> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw Problem.noAnswer(cause);
  }
}
