/** One field of a record's form. */
export interface RecordField {
  name: string
  label: string
  required?: boolean
  type?: 'text' | 'email' | 'tel' | 'datetime-local'
  autocomplete?: string
  /** Makes the field a choice. */
  items?: { label: string; value: string }[]
}

/** What was typed, as the API takes it: trimmed, and nothing for what was left empty. */
export function toInput<Name extends string>(
  values: Record<string, string>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const filled = names.map((name) => [name, values[name]?.trim()] as const).filter(([, value]) => value)
  return Object.fromEntries(filled) as Partial<Record<Name, string>>
}

/** What was typed, for a change: an emptied field is said to be empty, so that the old value goes. */
export function toChange<Name extends string>(
  values: Record<string, string>,
  names: readonly Name[],
): Record<Name, string | null> {
  return Object.fromEntries(names.map((name) => [name, values[name]?.trim() || null])) as Record<Name, string | null>
}

/** The form's values for a record as the API gives it. */
export function toValues(record: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
