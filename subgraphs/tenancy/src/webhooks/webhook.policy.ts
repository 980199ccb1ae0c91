import { factCatalogue, isFactPattern, scopesToHear } from '@passerelle/platform/facts/catalogue'
import { InvalidInput, NotAllowed, type Viewer } from '@passerelle/platform/schema'
import { isRoomKind, noticeKinds, scopesToBeTold } from '../notifications/notification.rules.ts'
import type { WebhookKind } from './webhook.tables.ts'

/** What a trial is called; it tells nothing, so whoever manages webhooks may read it. */
export const pingType = 'webhook.ping'

/** InvalidInput for what nothing is of; NotAllowed for what the viewer may not read: a webhook tells nobody more than they could ask. */
export function requireTypes(viewer: Viewer, kind: WebhookKind, named: readonly string[]): void {
  const unknown = named.find((type) => !(kind === 'FACTS' ? isFactPattern(type) : isRoomKind(type)))
  if (unknown !== undefined) throw new InvalidInput(`Nothing is of the type “${unknown.slice(0, 100)}”.`, ['types'])
  const scopes = kind === 'FACTS' ? scopesToHear(named) : scopesToBeTold(named)
  const missing = scopes.find((scope) => !viewer.scopes.includes(scope))
  if (missing) throw new NotAllowed(`To hear this one must hold ${missing}.`)
}

/** The messages whose words the viewer could read of themselves: types of facts, kinds of notices, and trials. */
export function readableTypes({ scopes }: Viewer): string[] {
  const facts = factCatalogue.filter(({ scope }) => scopes.includes(scope)).map(({ type }) => type)
  const notices = noticeKinds.filter((kind) => scopesToBeTold([kind]).every((scope) => scopes.includes(scope)))
  return [pingType, ...facts, ...notices]
}
