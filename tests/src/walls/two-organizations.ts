import { createApiClient, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { listPlaces, toVariables, type Door, type Place } from './doors.ts'
import { goodValue } from './good-values.ts'
import { populate, type Population } from './population.ts'

/** Us, and another organisation of the same installation that has one of everything too. */
export interface TwoOrganizations {
  we: ApiClient
  ours: Population
  they: ApiClient
  theirs: Population
  nobody: ApiClient
  /** Which of the other organisation's ids and words the texts show. */
  leaksIn(texts: readonly string[]): string[]
}

/** Every printed thing of the other organisation carries this word, and nothing of ours does. */
export const theirWord = 'zanzibar'

/** Makes both in a running installation. */
export async function openTwoOrganizations(house: Passerelle): Promise<TwoOrganizations> {
  const [they, we] = await Promise.all([signUp(house.url, `${theirWord} SA`), signUp(house.url)])
  const [theirs, ours] = await Promise.all([populate(they, theirWord), populate(we, 'kilimandjaro')])
  const secrets = [theirWord, ...Object.values(theirs)]
  const leaksIn = (texts: readonly string[]) =>
    texts.flatMap((text) =>
      secrets
        .filter((secret) => text.toLowerCase().includes(secret))
        .map((secret) => `${secret} in ${text.slice(0, 300)}`),
    )
  return { we, ours, they, theirs, nobody: createApiClient(house.url, null), leaksIn }
}

/** Values for what a door cannot do without, all of our own. */
export function requiredValues(door: Door, ours: Population): { path: Place['path']; value: unknown }[] {
  return listPlaces(door)
    .filter(({ required }) => required)
    .map((place) => ({ path: place.path, value: goodValue(door.name, place, ours) }))
}

/** Variables with one value of ours replaced. */
export function variablesWith(
  door: Door,
  ours: Population,
  { place, value }: { place: Place; value: unknown },
): Record<string, unknown> {
  const others = requiredValues(door, ours).filter(({ path }) => path.join() !== place.path.join())
  return toVariables([...others, { path: place.path, value }])
}
