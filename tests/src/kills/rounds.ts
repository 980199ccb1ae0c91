import { createApiClient, signUp, type ApiClient } from '../client.ts'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

/** How often everything is killed in a test. Kept small; the long run before a release sets more. */
export const kills = Number(process.env.PASSERELLE_TEST_KILLS ?? 4)

/** Somebody of an organisation of their own, whose session outlives the house's starts. */
export interface Resident {
  organizationId: string
  /** At the address of the last start. */
  here(): ApiClient
  /** The same with another token. */
  as(token: string): ApiClient
}

/** Signs somebody up. */
export async function settle(house: Passerelle): Promise<Resident> {
  const { token, ask } = await signUp(house.url)
  const { viewer } = await ask<{ viewer: { organization: { id: string } } }>('{ viewer { organization { id } } }')
  const as = (other: string | null) => createApiClient(house.url, other)
  return { organizationId: viewer.organization.id, here: () => as(token), as }
}

/** Resolves when it is time to kill; is told what has just been begun. */
export type Moment = (going: readonly Promise<unknown>[]) => Promise<unknown>

interface Killing {
  moments: readonly [Moment, ...Moment[]]
  begin: (round: number) => readonly Promise<unknown>[]
  /** Between a kill and the next start: what is outside answers again, or the house would wait for it from the first moment on. */
  recover?: () => void
  /** As often as the setting says, unless told. */
  rounds?: number
}

/** Kills everything again and again, each time at another moment. `begin` sets work going, which may fail as the house dies under it. */
export async function killAt(house: Passerelle, { moments, begin, recover, rounds = kills }: Killing): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const going = begin(round)
    const over = Promise.allSettled(going)
    await (moments[round % moments.length] ?? moments[0])(going)
    await house.kill()
    await over
    recover?.()
    await house.start()
  }
}

/** The facts of a type that the house has written down, oldest first. */
export function listFacts(
  house: Passerelle,
  { organizationId, type }: { organizationId: string; type: string },
): Promise<{ position: string; payload: { id: string } }[]> {
  const text = 'select position, payload from platform.fact where organization_id = $1 and type = $2 order by position'
  return askDatabase(house, text, [organizationId, type])
}
