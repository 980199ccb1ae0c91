/** A random id of 128 bits in hexadecimal; `crypto.randomUUID` does not exist on a plain-HTTP address of a local network. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
