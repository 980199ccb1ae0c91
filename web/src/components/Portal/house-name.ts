const key = 'passerelle.link.house'

/** The house of the link that this tab was opened with, for the page that says whom to ask for another one. */
export function knownHouse(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined
}

export function rememberHouse(name: string): void {
  sessionStorage.setItem(key, name)
}

/** For who leaves: nothing says afterwards where they were. */
export function forgetHouse(): void {
  sessionStorage.removeItem(key)
}
