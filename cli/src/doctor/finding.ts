/** What was looked at, and how to look: answers what is well, in a line, or throws what is wrong and how to mend it. */
export type Finding = [name: string, look: () => Promise<string>]

/** Why an engine did not answer, in its own words. */
export function describeCause({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : message
}

/** The good line, or an error of the other. */
export function requireThat(holds: boolean, good: string, bad: string): string {
  if (!holds) throw new Error(bad)
  return good
}
