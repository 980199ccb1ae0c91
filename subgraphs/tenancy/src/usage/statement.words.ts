import type { Metric } from '@passerelle/platform/usage'
import type { StatementLanguage } from './statement.ts'

const fr = {
  title: 'Relevé de consommation',
  organization: 'Organisation',
  month: 'Mois',
  plan: 'Formule',
  madeAt: 'Établi le',
  what: 'Mesure',
  used: 'Quantité',
  unit: 'Unité',
  day: 'Jour',
  byDay: 'Jour par jour',
  none: 'Rien n’a été consommé ce mois-ci.',
  page: 'Page',
  metrics: {
    documents: { name: 'Documents conservés (maximum du mois)', unit: 'documents' },
    storageBytes: { name: 'Espace occupé (maximum du mois)', unit: 'Go' },
    pages: { name: 'Pages lues', unit: 'pages' },
    tokens: { name: 'Jetons des modèles', unit: 'jetons' },
    gpuMs: { name: 'Temps de carte graphique', unit: 's' },
    requests: { name: 'Requêtes à l’API', unit: 'requêtes' },
  } satisfies Record<Metric, { name: string; unit: string }>,
}

const en: typeof fr = {
  title: 'Usage statement',
  organization: 'Organisation',
  month: 'Month',
  plan: 'Plan',
  madeAt: 'Drawn up on',
  what: 'Measure',
  used: 'Quantity',
  unit: 'Unit',
  day: 'Day',
  byDay: 'Day by day',
  none: 'Nothing was used this month.',
  page: 'Page',
  metrics: {
    documents: { name: 'Documents kept (most of the month)', unit: 'documents' },
    storageBytes: { name: 'Storage taken (most of the month)', unit: 'GB' },
    pages: { name: 'Pages read', unit: 'pages' },
    tokens: { name: 'Tokens of models', unit: 'tokens' },
    gpuMs: { name: 'Time of the graphics card', unit: 's' },
    requests: { name: 'Requests to the API', unit: 'requests' },
  },
}

export const statementWords: Record<StatementLanguage, typeof fr> = { fr, en }

const scales: Partial<Record<Metric, number>> = { storageBytes: 1_000_000_000, gpuMs: 1_000 }

/** A counted amount in the unit that the words name. */
export function inWords(metric: Metric, used: number): number {
  return Math.round((used / (scales[metric] ?? 1)) * 1_000) / 1_000
}
