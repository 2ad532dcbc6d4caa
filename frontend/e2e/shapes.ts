/** The shapes of the API's answers, for the tests that look behind the screens. */
export type { Catalogue, Order } from '../src/api/types';
import type { paths } from '../src/api/schema';

export type OrderList = paths['/api/orders']['get']['responses'][200]['content']['application/json'];
