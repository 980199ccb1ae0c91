/** What the server answers when asked for a place to put a file. */
export type UploadGrant = {
  url: string
  method: string
  headers: { name: string; value: string }[]
  documentId: string
}

export interface SendOptions {
  onProgress: (fraction: number) => void
  signal: AbortSignal
}

export interface Roads {
  ask: (file: File) => Promise<UploadGrant | { refusal: { code: string; message: string } }>
  /** Sends the bytes; gives the id of the document that holds them; throws a refusal-like object when that failed. */
  send: (grant: UploadGrant, file: File, options: SendOptions) => Promise<{ documentId: string }>
  /** Resolves after that many milliseconds, or when the signal aborts. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** One file's way to the server, and what it needs to know to go on with it. */
export interface Journey extends SendOptions {
  file: File
  /** The place it was given before, if it was. */
  grant?: UploadGrant | undefined
  onGrant: (grant: UploadGrant | undefined) => void
  /** The connection was lost; it is tried again in a while. */
  onLost: () => void
}

/** Waits before each further try, in milliseconds. */
const waits = [1_000, 2_000, 5_000, 10_000, 20_000]
/** What another try may mend, to the same place: the server takes the same bytes twice without harm. */
const passing = new Set(['OUTAGE', 'INCOMPLETE', 'TRY_AGAIN', 'ENGINE_UNAVAILABLE'])
/** The place is no more; another one is asked for. */
const placeGone = new Set(['LINK_INVALID', 'NOT_FOUND', 'CANCELLED'])

/**
 * Brings a file to the server, through lost connections, to one place, so that no half of an upload is left behind. Gives the document that holds its
 * bytes and the one that was announced for them. Throws what has a `code` and a `message`.
 */
export async function travel(roads: Roads, journey: Journey): Promise<{ documentId: string; announcedId: string }> {
  for (let tries = 0; ; tries++) {
    try {
      return await go(roads, journey)
    } catch (error) {
      const wait = waits[tries]
      if (journey.signal.aborted || wait === undefined || !passing.has(codeOf(error))) throw error
      journey.onLost()
      await roads.pause(wait, journey.signal)
      if (journey.signal.aborted) throw error
    }
  }
}

async function go(roads: Roads, journey: Journey): Promise<{ documentId: string; announcedId: string }> {
  const known = journey.grant
  const grant = known ?? (await askFor(roads, journey))
  try {
    const { documentId } = await roads.send(grant, journey.file, journey)
    return { documentId, announcedId: grant.documentId }
  } catch (error) {
    if (!known || journey.signal.aborted || !placeGone.has(codeOf(error))) throw error
    journey.grant = undefined
    journey.onGrant(undefined)
    return go(roads, journey)
  }
}

async function askFor({ ask }: Roads, journey: Journey): Promise<UploadGrant> {
  const grant = await ask(journey.file)
  if ('refusal' in grant) throw grant.refusal
  journey.grant = grant
  journey.onGrant(grant)
  journey.signal.throwIfAborted()
  return grant
}

/** The stable code of a failure; one without is an outage. */
export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'OUTAGE'
}
