/**
 * A new idempotency key: 32 hexadecimal digits from the system's random source. Not `crypto.randomUUID`, which browsers
 * withhold from pages that came over plain HTTP.
 */
export function newKey(random: (bytes: Uint8Array) => Uint8Array): string {
  return Array.from(random(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
