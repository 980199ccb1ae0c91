/** What a person typed as JSON: nothing is null, and what is no JSON is told apart. */
export function readJson(text: string): { value: unknown } | { fault: true } {
  if (!text.trim()) return { value: null }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { fault: true }
  }
}
