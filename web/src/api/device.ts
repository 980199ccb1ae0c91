const key = 'passerelle.devices'
/** People who share this browser; whoever logged in longest ago is forgotten. */
const mostPeople = 8

export interface DeviceParts {
  name: string
  token: string | null
}

/** What this browser says of itself when somebody logs in: strangers' guesses are then not counted as theirs. */
export function deviceOf(email: string, userAgent: string = navigator.userAgent): DeviceParts {
  return { name: nameDevice(userAgent), token: Object.fromEntries(known())[nameOf(email)] ?? null }
}

/** Keeps what a log-in answered, for the next one. */
export function rememberDevice(email: string, token: string | null | undefined): void {
  if (!token) return
  const others = known().filter(([name]) => name !== nameOf(email))
  localStorage.setItem(key, JSON.stringify([[nameOf(email), token], ...others].slice(0, mostPeople)))
}

/** A browser as its person would call it: `Firefox · Windows`. */
export function nameDevice(userAgent: string): string {
  const find = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(userAgent))?.[1]
  const browser = find([
    [/Edg[A-Z]*\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/SamsungBrowser\//, 'Samsung Internet'],
    [/(Firefox|FxiOS)\//, 'Firefox'],
    [/(Chrome|CriOS|Chromium)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = find([
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/CrOS/, 'ChromeOS'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return [browser, system].filter(Boolean).join(' · ')
}

function known(): [string, string][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isPair) : []
  } catch {
    return []
  }
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}

/** Tells the people of this browser apart without leaving their addresses in it (FNV-1a). */
function nameOf(email: string): string {
  let hash = 0x811c9dc5
  for (const sign of email.trim().toLowerCase()) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(36)
}
