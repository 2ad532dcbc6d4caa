import { useEffect, useState } from 'react';

/** The time in milliseconds since 1970, told again every `every` milliseconds; stands still while `every` is 0. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (every === 0) return;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
