import type { Holding, Subject } from '@passerelle/platform/privacy'
import type { Platform } from '@passerelle/platform/subgraph'

/** Asks every room in turn. */
export async function findEverywhere(
  platform: Platform,
  request: { organizationId: string; subject: Subject; signal: AbortSignal },
): Promise<Holding[]> {
  const holdings: Holding[] = []
  for (const room of platform.personalData.values()) {
    request.signal.throwIfAborted()
    holdings.push(...(await room.find(platform, request)))
  }
  return holdings.filter(({ ids }) => ids.length > 0)
}
