/** The part that every refusal of a mutation shares. */
export interface RefusalParts {
  __typename: string
  code: string
  message: string
  path?: string[] | null
}

type RefusalOf<T> = [Extract<T, { code: string; message: string }>] extends [never]
  ? T & RefusalParts
  : Extract<T, { code: string; message: string }>

/** True for the members of an answer that implement the schema's Refusal. */
export function isRefusal<T extends { __typename: string }>(answer: T): answer is T & RefusalOf<T> {
  return 'code' in answer && 'message' in answer
}

/** The names of the fields that hold nothing but white space. */
export function emptyFields(form: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(form).filter((name) => !form[name]?.trim())
}

/**
 * The form fields a refusal speaks about, each with its message. The last step of the path is the field's name;
 * what names no known field stays under `form`.
 */
export function fieldErrors(refusal: RefusalParts, fields: readonly string[]): Record<string, string> {
  const name = refusal.path?.at(-1)
  return { [name && fields.includes(name) ? name : 'form']: refusal.message }
}
