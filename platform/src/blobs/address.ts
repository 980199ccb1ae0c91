import { InvalidInput } from '../schema/refusals.ts'

/** Where a blob is kept, relative to the store: `<organizationId>/<hash[0:2]>/<hash>`. Both parts are refused unless they are harmless as names. */
export function toAddress(organizationId: string, hash: string): { directory: string; path: string } {
  requireOrganizationId(organizationId)
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw new InvalidInput('A blob is named by its SHA-256, in lower-case hexadecimal.', ['hash'])
  const directory = `${organizationId}/${hash.slice(0, 2)}`
  return { directory, path: `${directory}/${hash}` }
}

/** Refuses what is not the id of an organisation: it becomes the name of a folder. */
export function requireOrganizationId(organizationId: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(organizationId))
    throw new InvalidInput('This is not the id of an organisation.', ['organizationId'])
}

/** A dot cannot begin an organisation's id, so that no blob lies in here. */
export const MARKS = '.marks'

/** Where an organisation's marks are, relative to the store. */
export function toMarkFolder(organizationId: string): string {
  requireOrganizationId(organizationId)
  return `${MARKS}/${organizationId}`
}

/** Refuses what is not the name of a mark: it becomes the name of a file. */
export function requireMark(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name))
    throw new InvalidInput('This is not the name of a mark.', ['name'])
}
