import type { NoticeKind } from './notification.rules.ts'
import type { Language } from '../webhooks/webhook.tables.ts'

type Params = Readonly<Record<string, string | number>>
type Words = Record<Language, (params: Params) => string>

/** What can be counted, by the word that facts have for it. */
const metrics: Record<string, Record<Language, string>> = {
  documents: { FR: 'documents', EN: 'documents' },
  pages: { FR: 'pages', EN: 'pages' },
  storageBytes: { FR: 'stockage', EN: 'storage' },
  tokens: { FR: 'jetons des modèles', EN: 'model tokens' },
  gpuMs: { FR: 'temps de calcul', EN: 'computing time' },
  requests: { FR: 'requêtes', EN: 'requests' },
}

const metric = ({ metric: name = '' }: Params, language: Language): string => metrics[name]?.[language] ?? String(name)

const decisions: Record<string, Record<Language, string>> = {
  REJECTED: { FR: 'Votre proposition est refusée', EN: 'Your proposal was rejected' },
  EXPIRED: { FR: 'Votre proposition a expiré sans réponse', EN: 'Your proposal expired without an answer' },
  FAILED: {
    FR: 'Votre proposition approuvée n’a pas pu être exécutée',
    EN: 'Your approved proposal could not be carried out',
  },
}

const decision = ({ status = '' }: Params, language: Language): string =>
  decisions[status]?.[language] ??
  (language === 'FR' ? 'Votre proposition est approuvée' : 'Your proposal was approved')

/** What each kind says, in one line without a stop. It names nobody and quotes nothing: it is read in mailboxes and chat rooms too. */
const lines: Record<NoticeKind, Words> = {
  DOCUMENT_READY: { FR: () => 'Un document est lu et prêt', EN: () => 'A document is read and ready' },
  DOCUMENT_FAILED: { FR: () => 'Un document n’a pas pu être lu', EN: () => 'A document could not be read' },
  QUESTION_WAITS: {
    FR: () => 'Une question attend une réponse de l’équipe',
    EN: () => 'A question waits for the team’s answer',
  },
  QUESTION_TAKEN: { FR: () => 'Un collègue a pris votre question', EN: () => 'A colleague has taken your question' },
  QUESTION_ANSWERED: { FR: () => 'Votre question a une réponse', EN: () => 'Your question has an answer' },
  REQUEST_RECEIVED: { FR: () => 'Un client a fait une demande', EN: () => 'A client asks for something' },
  REQUEST_MESSAGE: {
    FR: () => 'Un client a écrit au sujet de sa demande',
    EN: () => 'A client has written about their request',
  },
  APPROVAL_WAITS: { FR: () => 'Une proposition attend un accord', EN: () => 'A proposal waits for approval' },
  APPROVAL_DECIDED: { FR: (params) => decision(params, 'FR'), EN: (params) => decision(params, 'EN') },
  USAGE_NEAR: {
    FR: (params) => `${params['percent']} % du forfait sont utilisés (${metric(params, 'FR')})`,
    EN: (params) => `${params['percent']}% of the plan is used (${metric(params, 'EN')})`,
  },
  USAGE_OVER: {
    FR: (params) => `Le forfait est entièrement utilisé (${metric(params, 'FR')})`,
    EN: (params) => `The plan is used up (${metric(params, 'EN')})`,
  },
  KEY_EXPIRING: { FR: () => 'Une clé d’API expire bientôt', EN: () => 'An API key expires soon' },
  WEBHOOK_FAILING: {
    FR: ({ paused }) => (paused ? 'Un webhook ne répond plus et a été mis en pause' : 'Un webhook ne reçoit plus rien'),
    EN: ({ paused }) => (paused ? 'A webhook does not answer and was paused' : 'Nothing arrives at a webhook any more'),
  },
  WORKFLOW_FAILED: { FR: () => 'Un workflow a échoué', EN: () => 'A workflow has failed' },
  WORKFLOW_DONE: { FR: () => 'Un workflow est terminé', EN: () => 'A workflow is done' },
  INVITATION_ACCEPTED: {
    FR: () => 'Quelqu’un a rejoint l’organisation',
    EN: () => 'Somebody has joined the organisation',
  },
  ROLES_CHANGED: { FR: () => 'Vos droits ont changé', EN: () => 'Your rights have changed' },
  NEW_DEVICE: { FR: () => 'Connexion depuis un nouvel appareil', EN: () => 'A log-in from a new device' },
  PASSWORD_CHANGED: { FR: () => 'Votre mot de passe a changé', EN: () => 'Your password was changed' },
  SESSION_REUSED: {
    FR: () => 'Une session a été fermée : son jeton a servi deux fois',
    EN: () => 'A session was ended: its token was used twice',
  },
}

const places: Record<NoticeKind, (subjectId: string) => string> = {
  DOCUMENT_READY: (id) => `/documents/${id}`,
  DOCUMENT_FAILED: (id) => `/documents/${id}`,
  QUESTION_WAITS: () => '/questions',
  QUESTION_TAKEN: () => '/questions',
  QUESTION_ANSWERED: () => '/questions',
  REQUEST_RECEIVED: (id) => `/requests/${id}`,
  REQUEST_MESSAGE: (id) => `/requests/${id}`,
  APPROVAL_WAITS: () => '/approvals',
  APPROVAL_DECIDED: () => '/approvals',
  USAGE_NEAR: () => '/admin/usage',
  USAGE_OVER: () => '/admin/usage',
  KEY_EXPIRING: () => '/admin/keys',
  WEBHOOK_FAILING: (id) => `/admin/webhooks/${id}`,
  WORKFLOW_FAILED: (id) => `/admin/workflows?run=${id}`,
  WORKFLOW_DONE: (id) => `/admin/workflows?run=${id}`,
  INVITATION_ACCEPTED: () => '/admin',
  ROLES_CHANGED: () => '/settings',
  NEW_DEVICE: () => '/settings',
  PASSWORD_CHANGED: () => '/settings',
  SESSION_REUSED: () => '/settings',
}

/** What a notice says, in one line. */
export function lineOf({ kind, params }: { kind: NoticeKind; params: Params }, language: Language): string {
  return lines[kind][language](params)
}

/** Where in the application what it is about is seen. */
export function placeOf({ kind, subjectId }: { kind: NoticeKind; subjectId: string }): string {
  return places[kind](encodeURIComponent(subjectId))
}
