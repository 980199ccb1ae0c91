/** The noun with what is given; undefined leaves what was there, null clears it. */
export function applyChanges<Noun extends object>(
  noun: Noun,
  given: { [Key in keyof Noun]?: Noun[Key] | undefined },
): Noun {
  return { ...noun, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}
