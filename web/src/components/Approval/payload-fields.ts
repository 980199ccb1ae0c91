/** A field of a payload that a person can change by hand. */
export interface PayloadField {
  name: string
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'json'
  choices: string[]
  required: boolean
}

interface JsonSchema {
  type?: string
  enum?: unknown[]
  properties?: Record<string, JsonSchema>
  required?: string[]
}

/** The fields of a payload, as its JSON Schema says; what has no field of its own kind is written as JSON. */
export function fieldsOf(schema: unknown): PayloadField[] {
  const { properties = {}, required = [] } = (schema ?? {}) as JsonSchema
  return Object.entries(properties).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    choices: (property.enum ?? []).map(String),
    required: required.includes(name),
  }))
}

function kindOf({ type, enum: choices }: JsonSchema): PayloadField['kind'] {
  if (choices) return 'choice'
  if (type === 'string') return 'text'
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'boolean' ? 'boolean' : 'json'
}

/** What is shown of a value, and what a field begins with. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const pages: Record<string, string> = { doc: 'document', shp: 'shipment', cli: 'client', prp: 'property' }

/** The page of what an id names; null for what has none. */
export function pageOf(value: string): { name: string; params: { id: string } } | null {
  const [, prefix = ''] = /^([a-z]{3})_[0-9a-f]{32}$/.exec(value) ?? []
  const name = pages[prefix]
  return name ? { name, params: { id: value } } : null
}

/** The value that a person wrote; undefined for what was left empty, and the text itself where it is none of its kind: the server says why not. */
export function fromText({ kind }: Pick<PayloadField, 'kind'>, text: string): unknown {
  if (text === '') return undefined
  if (kind === 'text' || kind === 'choice') return text
  if (kind === 'boolean') return text === 'true'
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
