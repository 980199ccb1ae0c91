/** A kind of thing that happens in the house, as a partner hears of it. */
export interface FactType {
  /** Noun first: `shipment.created`. */
  type: string
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
    fr: 'La lecture d’un document avance, se termine ou échoue (`stage`, `progress`).',
    en: 'The reading of a document goes on, ends or fails (`stage`, `progress`).',
  },
  {
    type: 'document.linked',
    fr: 'Les noms et numéros d’un document sont reliés.',
    en: 'The names and numbers of a document are linked.',
  },
  { type: 'document.deleted', fr: 'Un document est supprimé.', en: 'A document is deleted.' },
  {
    type: 'collection.changed',
    fr: 'Une collection est créée, renommée, supprimée ou contient d’autres documents.',
    en: 'A collection is made, named otherwise, deleted or holds other documents.',
  },
  { type: 'shipment.created', fr: 'Une expédition est créée.', en: 'A shipment is created.' },
  {
    type: 'shipment.event_recorded',
    fr: 'Une étape d’une expédition est enregistrée (`status`).',
    en: 'Something happened to a shipment (`status`).',
  },
  {
    type: 'shipment.redacted',
    fr: 'Des notes d’une expédition sont effacées à la demande d’une personne.',
    en: 'Notes of a shipment are erased at the request of a person.',
  },
  { type: 'client.created', fr: 'Un client est créé.', en: 'A client is created.' },
  { type: 'client.updated', fr: 'Un client est modifié.', en: 'A client is changed.' },
  {
    type: 'client.erased',
    fr: 'Ce qui était connu d’un client est effacé.',
    en: 'What was known of a client is erased.',
  },
  { type: 'property.created', fr: 'Un logement est créé.', en: 'A property is created.' },
  { type: 'property.updated', fr: 'Un logement est modifié.', en: 'A property is changed.' },
  {
    type: 'hand_over.opened',
    fr: 'Une question est confiée à l’équipe.',
    en: 'A question is handed over to the team.',
  },
  { type: 'hand_over.taken', fr: 'Une question confiée est prise.', en: 'A question that was handed over is taken.' },
  {
    type: 'hand_over.answered',
    fr: 'Une question confiée a sa réponse.',
    en: 'A question that was handed over is answered.',
  },
  { type: 'hand_over.closed', fr: 'Une question confiée est close.', en: 'A question that was handed over is closed.' },
  {
    type: 'hand_over.reopened',
    fr: 'Une question confiée est rouverte.',
    en: 'A question that was handed over is open again.',
  },
  {
    type: 'approval.proposed',
    fr: 'Une proposition attend un accord (`kind`).',
    en: 'A proposal waits for approval (`kind`).',
  },
  { type: 'approval.approved', fr: 'Une proposition est approuvée.', en: 'A proposal is approved.' },
  { type: 'approval.rejected', fr: 'Une proposition est refusée.', en: 'A proposal is rejected.' },
  {
    type: 'approval.expired',
    fr: 'Une proposition a expiré sans réponse.',
    en: 'A proposal expired without an answer.',
  },
  { type: 'approval.cancelled', fr: 'Une proposition est retirée.', en: 'A proposal is taken back.' },
  { type: 'approval.done', fr: 'Une proposition approuvée est exécutée.', en: 'What was approved is carried out.' },
  {
    type: 'approval.failed',
    fr: 'Une proposition approuvée n’a pas pu être exécutée.',
    en: 'What was approved could not be carried out.',
  },
  { type: 'approval.retried', fr: 'Une exécution est tentée de nouveau.', en: 'What was approved is tried again.' },
  {
    type: 'usage.reached',
    fr: 'Une part du forfait est atteinte (`metric`, `percent`).',
    en: 'A share of the plan is reached (`metric`, `percent`).',
  },
  { type: 'plan.changed', fr: 'Le forfait change.', en: 'The plan changes.' },
  { type: 'api_key.created', fr: 'Une clé d’API est créée.', en: 'An API key is made.' },
  { type: 'api_key.rotated', fr: 'Le secret d’une clé d’API est renouvelé.', en: 'An API key has another secret.' },
  {
    type: 'api_key.expiring',
    fr: 'Une clé d’API expire dans moins de deux semaines.',
    en: 'An API key ends within two weeks.',
  },
  { type: 'api_key.revoked', fr: 'Une clé d’API est révoquée.', en: 'An API key is revoked.' },
  { type: 'member.invited', fr: 'Quelqu’un est invité.', en: 'Somebody is invited.' },
  { type: 'member.joined', fr: 'Quelqu’un rejoint l’organisation.', en: 'Somebody joins the organisation.' },
  { type: 'member.removed', fr: 'Un membre est retiré.', en: 'A member is removed.' },
  { type: 'member.left', fr: 'Un membre part.', en: 'A member leaves.' },
  { type: 'member.scopes_changed', fr: 'Les droits d’un membre changent.', en: 'The rights of a member change.' },
  {
    type: 'approval_policy.changed',
    fr: 'Les règles d’approbation changent (`kind`).',
    en: 'The rules of approval change (`kind`).',
  },
  {
    type: 'privacy_request.finished',
    fr: 'Une demande sur des données personnelles est traitée.',
    en: 'A request about personal data is done.',
  },
  {
    type: 'person.erased',
    fr: 'Les données d’une personne sont effacées.',
    en: 'What was known of a person is erased.',
  },
  { type: 'organization.renamed', fr: 'L’organisation change de nom.', en: 'The organisation has another name.' },
  { type: 'model.called', fr: 'Un modèle a été appelé (mesures seules).', en: 'A model was called (measures alone).' },
  {
    type: 'workflow_run.changed',
    fr: 'L’exécution d’un workflow avance ou se termine.',
    en: 'The run of a workflow goes on or ends.',
  },
  { type: 'webhook.failing', fr: 'Un webhook ne reçoit plus rien.', en: 'Nothing arrives at a webhook any more.' },
  { type: 'webhook.paused', fr: 'Un webhook est mis en pause.', en: 'A webhook is paused.' },
  { type: 'member.roles_changed', fr: 'Les rôles d’un membre changent.', en: 'The roles of a member change.' },
  { type: 'session.started', fr: 'Quelqu’un se connecte.', en: 'Somebody logs in.' },
  { type: 'session.ended', fr: 'Quelqu’un se déconnecte.', en: 'Somebody logs out.' },
  {
    type: 'session.reuse_detected',
    fr: 'Un jeton de session a servi deux fois : la session est fermée.',
    en: 'A token of a session was used twice: the session is ended.',
  },
  { type: 'password.changed', fr: 'Un mot de passe change.', en: 'A password is changed.' },
  {
    type: 'password.reset_requested',
    fr: 'Un lien pour choisir un mot de passe est demandé.',
    en: 'A link to choose a password is asked for.',
  },
  { type: 'organization.created', fr: 'L’organisation est créée.', en: 'The organisation is created.' },
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
