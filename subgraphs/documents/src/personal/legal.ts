import type { NamingDocument } from './person.store.ts'

/** What commercial law has a company keep for ten years (Code de commerce, L123-22). */
export const accountingKinds: readonly string[] = ['INVOICE', 'CREDIT_NOTE']
export const accountingDays = 3_653

/** True while the law asks for the file to be kept. */
export function mustKeepFile(
  { kind, createdAt, hash }: Pick<NamingDocument, 'kind' | 'createdAt' | 'hash'>,
  now: Date = new Date(),
): boolean {
  if (hash === null || kind === null || !accountingKinds.includes(kind)) return false
  return now.getTime() - createdAt.getTime() < accountingDays * 24 * 3_600_000
}
