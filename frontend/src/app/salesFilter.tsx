import { createContext, use, useState, type Dispatch, type ReactNode, type SetStateAction } from 'react';
import type { OrderFilter } from '~/api/orders';

const unfiltered: OrderFilter = { q: '', status: '' };

type FilterState = [OrderFilter, Dispatch<SetStateAction<OrderFilter>>];
const FilterContext = createContext<FilterState>([unfiltered, () => undefined]);

/** Keeps what was searched for while one order is looked at. */
export function SalesFilterProvider({ children }: { children: ReactNode }) {
  return <FilterContext value={useState(unfiltered)}>{children}</FilterContext>;
}

export function useSalesFilter(): FilterState {
  return use(FilterContext);
}
