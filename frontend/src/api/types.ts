/** Short names for the shapes of the generated client; no shape is written by hand. */
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Status = Schemas['Status'];
export type Catalogue = Schemas['Catalogue'];
export type Event = Schemas['Event'];
export type Performance = Schemas['Performance'];
export type TicketType = Schemas['TicketType'];
export type Order = Schemas['Order'];
export type OrderRequest = paths['/api/orders']['post']['requestBody']['content']['application/json'];
export type LineItem = Schemas['LineItem'];
export type Tender = Schemas['Tender'];
export type Ticket = Schemas['Ticket'];
export type Moment = Schemas['Moment'];
export type Refund = Schemas['Refund'];
export type Dispute = Schemas['Dispute'];
export type RefundRequest = paths['/api/orders/{order}/refund']['post']['requestBody']['content']['application/json'];
export type VoidRequest = paths['/api/orders/{order}/void']['post']['requestBody']['content']['application/json'];
export type LateMoney = Schemas['LateMoney'];
export type Resolution = Schemas['Resolution'];
export type LateAction = Resolution['action'];
export type SeatLine = Schemas['SeatLine'];
export type Question = Schemas['Question'];
export type Change = Schemas['Change'];
export type Access = Schemas['Access'];
export type Admin = Schemas['Admin'];
export type Book = Schemas['Book'];
export type Connection = Schemas['Connection'];
export type Consent = Schemas['Consent'];
export type Permission = Schemas['Permission'];
export type PlatformSet = Schemas['Platform'];
export type PlatformKeys = Schemas['PlatformKeys'];
export type Payment = Schemas['Payment'];
export type Poster = Schemas['Poster'];
export type NewPoster = paths['/api/posters']['post']['requestBody']['content']['application/json'];
export type ProblemBody = Schemas['Problem'];
export type ProblemCode = ProblemBody['code'];
