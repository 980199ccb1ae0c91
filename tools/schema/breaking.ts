import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

/** What of a change of the published schema would break a client that works today, in words. */
export async function breakingChanges(publishedSdl: string, nextSdl: string): Promise<string[]> {
  const changes = await diff(buildSchema(publishedSdl), buildSchema(nextSdl))
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message)
}
