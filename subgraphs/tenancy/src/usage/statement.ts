import { audit } from '@passerelle/platform/audit'
import { makeLink } from '@passerelle/platform/blobs/links'
import { InvalidInput, NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { levelMetrics, metrics, type Metric } from '@passerelle/platform/usage'
import { readDays } from '@passerelle/platform/usage/reading'
import { findOrganization } from '../people/organization.store.ts'
import type { PlanName } from '../env.ts'
import { readPlan } from './plan.ts'
import type { UsageDay } from './usage.ts'

/** What an organisation used in a month, as it stood when it was asked for. */
export interface Statement {
  organization: string
  /** `2026-11`. */
  month: string
  plan: PlanName
  madeAt: Date
  /** Of what is used up, all of the month; of what is there, the most of any day. */
  totals: readonly { metric: Metric; used: number }[]
  days: readonly UsageDay[]
}

export interface StatementLinks {
  month: string
  csvUrl: string
  pdfUrl: string
  expiresAt: Date
}

export const statementPath = '/usage-statements'
export const statementPurpose = 'usage statement'
const minutes = 15

export const statementLanguages = ['fr', 'en'] as const
export type StatementLanguage = (typeof statementLanguages)[number]

/** Links to the statement of a month, past or under way, that live a quarter of an hour. InvalidInput for what is no month. */
export async function linkStatement(
  platform: Platform,
  viewer: Viewer,
  { month, language }: { month: string; language: StatementLanguage },
): Promise<StatementLinks> {
  if (!/^20\d{2}-(0[1-9]|1[0-2])$/.test(month)) throw new InvalidInput('A month is written as 2026-11.', ['month'])
  await platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, { action: 'usage_statement.exported', detail: { month } }),
  )
  const expiresAt = new Date(Date.now() + minutes * 60_000)
  const link = (ending: 'csv' | 'pdf'): string => {
    const subjectId = `${month} ${language} ${ending}`
    const path = `${statementPath}/${language === 'fr' ? 'consommation' : 'usage'}-${month}.${ending}`
    return makeLink(platform, viewer, { path, purpose: statementPurpose, subjectId, expiresAt })
  }
  return { month, csvUrl: link('csv'), pdfUrl: link('pdf'), expiresAt }
}

/** What a link of ours is for; null for one that means none. */
export function readStatementSubject(
  subjectId: string,
): { month: string; language: StatementLanguage; ending: 'csv' | 'pdf' } | null {
  const [month = '', language, ending] = subjectId.split(' ')
  const known = statementLanguages.find((one) => one === language)
  return known && (ending === 'csv' || ending === 'pdf') ? { month, language: known, ending } : null
}

/** The statement of a month. NotFound for an organisation that is gone. */
export function readStatement(
  { sql }: Pick<Platform, 'sql'>,
  organizationId: string,
  month: string,
): Promise<Statement> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const organization = await findOrganization(tx, organizationId)
    if (!organization) throw new NotFound()
    const { name: plan } = await readPlan(tx)
    const days = await readDays(tx, { from: `${month}-01`, to: lastDayOf(month) })
    const total = (metric: Metric): number => {
      const used = days.filter((day) => day.metric === metric).map((day) => day.used)
      const isLevel = levelMetrics.some((level) => level === metric)
      return isLevel ? Math.max(0, ...used) : used.reduce((sum, amount) => sum + amount, 0)
    }
    return {
      organization: organization.name,
      month,
      plan,
      madeAt: new Date(),
      totals: metrics.map((metric) => ({ metric, used: total(metric) })),
      days,
    }
  })
}

function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}
