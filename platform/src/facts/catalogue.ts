import type { Scope } from '../schema/scopes.ts'

/** A kind of thing that happens in the house, as a partner hears of it. */
export interface FactType {
  /** Noun first: `shipment.created`. */
  type: string
  /** Who holds it may read what the fact tells of, and so may have it told to a program. */
  scope: Scope
  fr: string
  en: string
}

/**
 * What an organisation's programs may hear of, in the order in which it is offered. A fact that is not here stays in the house: those that only tell
 * screens and consumers to look again.
 */
export const factCatalogue: readonly FactType[] = [
  {
    type: 'document.status_changed',
    scope: 'document:read',
    fr: 'La lecture d’un document avance, se termine ou échoue (`stage`, `progress`).',
    en: 'The reading of a document goes on, ends or fails (`stage`, `progress`).',
  },
  {
    type: 'document.linked',
    scope: 'document:read',
    fr: 'Les noms et numéros d’un document sont reliés.',
    en: 'The names and numbers of a document are linked.',
  },
  { type: 'document.deleted', scope: 'document:read', fr: 'Un document est supprimé.', en: 'A document is deleted.' },
  {
    type: 'document.shared',
    scope: 'document:read',
    fr: 'Un document est partagé avec un client.',
    en: 'A document is shared with a client.',
  },
  {
    type: 'document.unshared',
    scope: 'document:read',
    fr: 'Un document n’est plus partagé avec un client.',
    en: 'A document is shared with a client no more.',
  },
  {
    type: 'collection.changed',
    scope: 'document:read',
    fr: 'Une collection est créée, renommée, supprimée ou contient d’autres documents.',
    en: 'A collection is made, named otherwise, deleted or holds other documents.',
  },
  { type: 'shipment.created', scope: 'record:read', fr: 'Une expédition est créée.', en: 'A shipment is created.' },
  {
    type: 'shipment.updated',
    scope: 'record:read',
    fr: 'La référence ou le client d’une expédition change.',
    en: 'The reference or the client of a shipment changes.',
  },
  {
    type: 'shipment.event_recorded',
    scope: 'record:read',
    fr: 'Une étape d’une expédition est enregistrée (`status`).',
    en: 'Something happened to a shipment (`status`).',
  },
  {
    type: 'shipment.redacted',
    scope: 'record:read',
    fr: 'Des notes d’une expédition sont effacées à la demande d’une personne.',
    en: 'Notes of a shipment are erased at the request of a person.',
  },
  { type: 'client.created', scope: 'record:read', fr: 'Un client est créé.', en: 'A client is created.' },
  { type: 'client.updated', scope: 'record:read', fr: 'Un client est modifié.', en: 'A client is changed.' },
  {
    type: 'client.erased',
    scope: 'record:read',
    fr: 'Ce qui était connu d’un client est effacé.',
    en: 'What was known of a client is erased.',
  },
  {
    type: 'client_link.created',
    scope: 'record:write',
    fr: 'Un lien vers son espace est créé pour un client.',
    en: 'A link to their own page is made for a client.',
  },
  {
    type: 'client_link.opened',
    scope: 'record:write',
    fr: 'Un client ouvre son lien pour la première fois.',
    en: 'A client opens their link for the first time.',
  },
  {
    type: 'client_link.revoked',
    scope: 'record:write',
    fr: 'Le lien d’un client est révoqué.',
    en: 'The link of a client is revoked.',
  },
  {
    type: 'client_account.invited',
    scope: 'member:manage',
    fr: 'Un client est invité à ouvrir un compte.',
    en: 'A client is invited to open an account.',
  },
  {
    type: 'client_account.created',
    scope: 'member:manage',
    fr: 'Un client ouvre un compte.',
    en: 'A client opens an account.',
  },
  {
    type: 'client_account.removed',
    scope: 'member:manage',
    fr: 'Le compte d’un client est fermé.',
    en: 'The account of a client is closed.',
  },
  { type: 'property.created', scope: 'record:read', fr: 'Un logement est créé.', en: 'A property is created.' },
  { type: 'property.updated', scope: 'record:read', fr: 'Un logement est modifié.', en: 'A property is changed.' },
  {
    type: 'booking.created',
    scope: 'record:read',
    fr: 'Une réservation est créée (`status`).',
    en: 'A booking is made (`status`).',
  },
  {
    type: 'booking.updated',
    scope: 'record:read',
    fr: 'Une réservation est modifiée (`status`).',
    en: 'A booking is changed (`status`).',
  },
  {
    type: 'booking.cancelled',
    scope: 'record:read',
    fr: 'Une réservation est annulée.',
    en: 'A booking is cancelled.',
  },
  {
    type: 'booking.removed',
    scope: 'record:read',
    fr: 'Une réservation passée est supprimée, selon la durée de conservation.',
    en: 'A booking that is over is removed, as the rule of retention says.',
  },
  {
    type: 'service_request.created',
    scope: 'record:read',
    fr: 'Une demande est créée (`author`).',
    en: 'Something is asked for (`author`).',
  },
  {
    type: 'service_request.updated',
    scope: 'record:read',
    fr: 'Une demande est modifiée.',
    en: 'A request is changed.',
  },
  {
    type: 'service_request.status_changed',
    scope: 'record:read',
    fr: 'Une demande avance, se termine ou est annulée (`status`).',
    en: 'A request goes on, is done or is called off (`status`).',
  },
  {
    type: 'service_request.message_added',
    scope: 'record:read',
    fr: 'Un message ou une note s’ajoute à une demande (`author`, `internal`).',
    en: 'A message or a note is added to a request (`author`, `internal`).',
  },
  {
    type: 'service_request.redacted',
    scope: 'record:read',
    fr: 'Des textes d’une demande sont effacés à la demande d’une personne.',
    en: 'Texts of a request are erased at the request of a person.',
  },
  {
    type: 'service_request.removed',
    scope: 'record:read',
    fr: 'Une demande terminée est supprimée, selon la durée de conservation.',
    en: 'A request that has ended is removed, as the rule of retention says.',
  },
  {
    type: 'hand_over.opened',
    scope: 'question:answer',
    fr: 'Une question est confiée à l’équipe.',
    en: 'A question is handed over to the team.',
  },
  {
    type: 'hand_over.taken',
    scope: 'question:answer',
    fr: 'Une question confiée est prise.',
    en: 'A question that was handed over is taken.',
  },
  {
    type: 'hand_over.answered',
    scope: 'question:answer',
    fr: 'Une question confiée a sa réponse.',
    en: 'A question that was handed over is answered.',
  },
  {
    type: 'hand_over.closed',
    scope: 'question:answer',
    fr: 'Une question confiée est close.',
    en: 'A question that was handed over is closed.',
  },
  {
    type: 'hand_over.reopened',
    scope: 'question:answer',
    fr: 'Une question confiée est rouverte.',
    en: 'A question that was handed over is open again.',
  },
  {
    type: 'approval.proposed',
    scope: 'approval:read',
    fr: 'Une proposition attend un accord (`kind`).',
    en: 'A proposal waits for approval (`kind`).',
  },
  {
    type: 'approval.approved',
    scope: 'approval:read',
    fr: 'Une proposition est approuvée.',
    en: 'A proposal is approved.',
  },
  {
    type: 'approval.rejected',
    scope: 'approval:read',
    fr: 'Une proposition est refusée.',
    en: 'A proposal is rejected.',
  },
  {
    type: 'approval.expired',
    scope: 'approval:read',
    fr: 'Une proposition a expiré sans réponse.',
    en: 'A proposal expired without an answer.',
  },
  {
    type: 'approval.cancelled',
    scope: 'approval:read',
    fr: 'Une proposition est retirée.',
    en: 'A proposal is taken back.',
  },
  {
    type: 'approval.done',
    scope: 'approval:read',
    fr: 'Une proposition approuvée est exécutée.',
    en: 'What was approved is carried out.',
  },
  {
    type: 'approval.failed',
    scope: 'approval:read',
    fr: 'Une proposition approuvée n’a pas pu être exécutée.',
    en: 'What was approved could not be carried out.',
  },
  {
    type: 'approval.retried',
    scope: 'approval:read',
    fr: 'Une exécution est tentée de nouveau.',
    en: 'What was approved is tried again.',
  },
  {
    type: 'usage.reached',
    scope: 'usage:read',
    fr: 'Une part du forfait est atteinte (`metric`, `percent`).',
    en: 'A share of the plan is reached (`metric`, `percent`).',
  },
  { type: 'plan.changed', scope: 'usage:read', fr: 'Le forfait change.', en: 'The plan changes.' },
  { type: 'api_key.created', scope: 'key:manage', fr: 'Une clé d’API est créée.', en: 'An API key is made.' },
  {
    type: 'api_key.rotated',
    scope: 'key:manage',
    fr: 'Le secret d’une clé d’API est renouvelé.',
    en: 'An API key has another secret.',
  },
  {
    type: 'api_key.expiring',
    scope: 'key:manage',
    fr: 'Une clé d’API expire dans moins de deux semaines.',
    en: 'An API key ends within two weeks.',
  },
  { type: 'api_key.revoked', scope: 'key:manage', fr: 'Une clé d’API est révoquée.', en: 'An API key is revoked.' },
  { type: 'member.invited', scope: 'member:manage', fr: 'Quelqu’un est invité.', en: 'Somebody is invited.' },
  {
    type: 'member.joined',
    scope: 'member:read',
    fr: 'Quelqu’un rejoint l’organisation.',
    en: 'Somebody joins the organisation.',
  },
  { type: 'member.removed', scope: 'member:read', fr: 'Un membre est retiré.', en: 'A member is removed.' },
  { type: 'member.left', scope: 'member:read', fr: 'Un membre part.', en: 'A member leaves.' },
  {
    type: 'member.scopes_changed',
    scope: 'member:read',
    fr: 'Les droits d’un membre changent.',
    en: 'The rights of a member change.',
  },
  {
    type: 'approval_policy.changed',
    scope: 'approval:read',
    fr: 'Les règles d’approbation changent (`kind`).',
    en: 'The rules of approval change (`kind`).',
  },
  {
    type: 'privacy_request.finished',
    scope: 'privacy:manage',
    fr: 'Une demande sur des données personnelles est traitée.',
    en: 'A request about personal data is done.',
  },
  {
    type: 'person.erased',
    scope: 'privacy:manage',
    fr: 'Les données d’une personne sont effacées.',
    en: 'What was known of a person is erased.',
  },
  {
    type: 'organization.renamed',
    scope: 'webhook:manage',
    fr: 'L’organisation change de nom.',
    en: 'The organisation has another name.',
  },
  {
    type: 'model.called',
    scope: 'job:manage',
    fr: 'Un modèle a été appelé (mesures seules).',
    en: 'A model was called (measures alone).',
  },
  {
    type: 'workflow_run.changed',
    scope: 'workflow:run',
    fr: 'L’exécution d’un workflow avance ou se termine.',
    en: 'The run of a workflow goes on or ends.',
  },
  {
    type: 'webhook.failing',
    scope: 'webhook:manage',
    fr: 'Un webhook ne reçoit plus rien.',
    en: 'Nothing arrives at a webhook any more.',
  },
  { type: 'webhook.paused', scope: 'webhook:manage', fr: 'Un webhook est mis en pause.', en: 'A webhook is paused.' },
  {
    type: 'member.roles_changed',
    scope: 'member:read',
    fr: 'Les rôles d’un membre changent.',
    en: 'The roles of a member change.',
  },
  { type: 'session.started', scope: 'audit:read', fr: 'Quelqu’un se connecte.', en: 'Somebody logs in.' },
  { type: 'session.ended', scope: 'audit:read', fr: 'Quelqu’un se déconnecte.', en: 'Somebody logs out.' },
  {
    type: 'session.reuse_detected',
    scope: 'audit:read',
    fr: 'Un jeton de session a servi deux fois : la session est fermée.',
    en: 'A token of a session was used twice: the session is ended.',
  },
  { type: 'password.changed', scope: 'audit:read', fr: 'Un mot de passe change.', en: 'A password is changed.' },
  {
    type: 'password.reset_requested',
    scope: 'audit:read',
    fr: 'Un lien pour choisir un mot de passe est demandé.',
    en: 'A link to choose a password is asked for.',
  },
  {
    type: 'organization.created',
    scope: 'webhook:manage',
    fr: 'L’organisation est créée.',
    en: 'The organisation is created.',
  },
]

/** What only tells screens to look again; it concerns nobody outside. */
export const quietFacts: readonly string[] = ['notification.created', 'notification.read']

const known = new Set(factCatalogue.map(({ type }) => type))

/** True for a type of the catalogue, a noun with all its types (`shipment.*`), and all there are (`*`). */
export function isFactPattern(pattern: string): boolean {
  if (pattern === '*' || known.has(pattern)) return true
  return pattern.endsWith('.*') && factCatalogue.some(({ type }) => type.startsWith(pattern.slice(0, -1)))
}

/** Whether one of the patterns means the type. */
export function matchesFact(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  )
}

/** What somebody must hold to have a program hear these patterns: what reads each type that they mean. */
export function scopesToHear(patterns: readonly string[]): Scope[] {
  return [...new Set(factCatalogue.filter(({ type }) => matchesFact(patterns, type)).map(({ scope }) => scope))]
}
