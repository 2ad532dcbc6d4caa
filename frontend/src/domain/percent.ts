/** Percentages in ten-thousandths of a percent, the unit of the till's program: 100000 is 10 %. */

/** Reads "10", "7.7" or "7,7"; undefined for anything that is not from 0 to 100 with four decimals at most. */
export function parsePercent(text: string): number | undefined {
  const found = /^(\d{1,3})(?:[.,](\d{0,4}))?$/.exec(text.trim());
  if (!found) return undefined;
  const units = Number.parseInt(`${found[1] ?? ''}${(found[2] ?? '').padEnd(4, '0')}`, 10);
  return units <= 1_000_000 ? units : undefined;
}

/** Writes a percentage without needless zeros: "7.7". */
export function percentText(units: number): string {
  const digits = String(units).padStart(5, '0');
  const fraction = digits.slice(-4).replace(/0+$/, '');
  return fraction ? `${digits.slice(0, -4)}.${fraction}` : digits.slice(0, -4);
}
