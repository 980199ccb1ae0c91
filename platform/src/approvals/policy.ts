import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import { publish } from '../facts/facts.ts'
import { parseInput } from '../schema/parse.ts'
import { InvalidInput, NotFound } from '../schema/refusals.ts'
import { scopes } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { holdPolicy, listPolicies, tightenPending, writePolicy, type ApprovalPolicy } from './policy.store.ts'
import type { ApprovalKind } from './kind.ts'

/** A kind, and what the viewer's organisation asks for beyond it. */
export interface RuledKind {
  kind: ApprovalKind
  policy: ApprovalPolicy
}

/** Every kind of the house, by name. */
export async function listRuledKinds({ sql, approvalKinds }: Platform, viewer: Viewer): Promise<RuledKind[]> {
  const policies = new Map(
    (await sql.withOrganization(viewer, listPolicies)).map((policy) => [policy.kind, policy] as const),
  )
  return [...approvalKinds.values()]
    .toSorted((one, other) => (one.kind < other.kind ? -1 : 1))
    .map((kind) => ({ kind, policy: policies.get(kind.kind) ?? withoutRules(kind.kind) }))
}

const policyInput = z.object({
  kind: z.string(),
  requiredScope: z
    .string()
    .refine((scope) => scopes.some((known) => known === scope), 'There is no such permission.')
    .nullish(),
  fourEyes: z.boolean(),
  lifetimeHours: z.int().min(1, 'A proposal waits an hour at least.').nullish(),
})

/**
 * Sets what the organisation asks for beyond what the kind asks for; what waits already is held to it too, and is never eased. NotFound for a kind that there is not;
 * InvalidInput for what would ask for less than the kind does.
 */
export async function setPolicy(
  { sql, approvalKinds }: Platform,
  viewer: Viewer,
  input: z.input<typeof policyInput>,
): Promise<RuledKind> {
  const { kind: name, requiredScope = null, fourEyes, lifetimeHours = null } = parseInput(policyInput, input)
  const kind = approvalKinds.get(name)
  if (!kind) throw new NotFound()
  if (kind.fourEyes && !fourEyes) throw new InvalidInput('This kind always needs somebody else’s yes.', ['fourEyes'])
  if (lifetimeHours !== null && lifetimeHours > kind.lifetimeHours)
    throw new InvalidInput(`A proposal of this kind waits at most ${kind.lifetimeHours} hours.`, ['lifetimeHours'])
  const policy = { kind: name, requiredScope, fourEyes, lifetimeHours }
  return sql.withOrganization(viewer, async (tx) => {
    const before = (await holdPolicy(tx, name)) ?? withoutRules(name)
    await writePolicy(tx, policy, viewer)
    await tightenPending(tx, policy)
    publish(tx, { type: 'approval_policy.changed', payload: { kind: name } })
    audit(tx, {
      action: 'approval_policy.changed',
      subject: { kind: 'ApprovalKind', id: name },
      detail: { requiredScope, fourEyes, lifetimeHours, hadFourEyes: before.fourEyes, hadScope: before.requiredScope },
    })
    return { kind, policy }
  })
}

function withoutRules(kind: string): ApprovalPolicy {
  return { kind, requiredScope: null, fourEyes: false, lifetimeHours: null }
}
