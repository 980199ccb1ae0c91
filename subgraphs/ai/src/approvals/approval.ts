import { propose, type Approval } from '@passerelle/platform/approvals'
import { InvalidInput, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'

/** A text of some lines that a person typed, or nothing. */
const lines = (what: string) =>
  z
    .string()
    .trim()
    .max(2_000, `${what} has at most 2,000 characters.`)
    .regex(/^(?:\P{Cc}|[\n\r\t])*$/u, `${what} has no control characters.`)

const proposalInput = z.object({
  kind: z.string().max(100),
  payload: z.unknown(),
  note: lines('A note').nullish(),
  requestKey: z
    .string()
    .min(1, 'A request key is not empty.')
    .max(200, 'A request key has at most 200 characters.')
    .nullish(),
  expiresAt: z
    .date()
    .refine((moment) => moment > new Date(), 'It would be over before anybody sees it.')
    .nullish(),
})

/**
 * Proposes an action of a kind that callers may propose: a person, or a program with a key. What will happen is put in words by the kind, not by the
 * caller. InvalidInput for another kind and for a payload that it does not take, and whatever the kind refuses.
 */
export async function proposeAction(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof proposalInput>,
): Promise<Approval> {
  const { kind: name, payload, note, requestKey, expiresAt } = parseInput(proposalInput, input)
  const kind = platform.approvalKinds.get(name)
  if (!kind?.isProposable || !kind.describe)
    throw new InvalidInput('There is no such kind of action that may be proposed.', ['kind'])
  const wanted = parsePayload(kind.payload, payload)
  const preview = await kind.describe(platform, viewer, wanted)
  return platform.sql.withOrganization(viewer, (tx) =>
    propose(tx, {
      kind,
      payload: wanted,
      preview,
      note: note ?? null,
      requestKey: requestKey ?? null,
      expiresAt: expiresAt ?? null,
    }),
  )
}

function parsePayload(schema: z.ZodType, payload: unknown): unknown {
  return parseInput(z.object({ payload: schema }), { payload }).payload
}

/** Why somebody decided as they did, checked. */
export function requireReason(reason: string | null | undefined): string | null {
  return parseInput(z.object({ reason: lines('A reason').nullish() }), { reason }).reason || null
}

/** The same where there has to be one: whoever proposed it wants to know why not. */
export function requireSaidReason(reason: string): string {
  return parseInput(z.object({ reason: lines('A reason').min(1, 'Say why not.') }), { reason }).reason
}
