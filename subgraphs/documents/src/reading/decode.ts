/** Turns the bytes of a text file into text: UTF-8, UTF-16 (with or without mark) or Windows-1252, undefined when they are no text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decode(bytes)
  const sample = text.slice(0, 65_536)
  // oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
  const controls = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0
  return controls > sample.length * 0.005 ? undefined : text.replaceAll('\u0000', '')
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const zeros = countZeros(bytes)
  if (zeros.odd > 0.3 && zeros.even < 0.05) return new TextDecoder('utf-16le').decode(bytes)
  if (zeros.even > 0.3 && zeros.odd < 0.05) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The share of zero bytes at even and at odd places: Latin text in UTF-16 has them at every second place. */
function countZeros(bytes: Uint8Array): { even: number; odd: number } {
  const sample = bytes.subarray(0, 4096)
  let [even, odd] = [0, 0]
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue
    if (index % 2 === 0) even += 1
    else odd += 1
  }
  const pairs = Math.max(1, sample.length / 2)
  return { even: even / pairs, odd: odd / pairs }
}
