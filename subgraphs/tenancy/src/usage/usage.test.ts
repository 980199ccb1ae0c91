import { buffer } from 'node:stream/consumers'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@passerelle/platform/ids'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { takeUse } from '@passerelle/platform/usage'
import { createTestClient, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { tenancy } from '../index.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'
import { applyPlan, listPlans, setPlan } from './plan.ts'
import { writeLevels } from './levels.ts'
import { statementRoutes } from './statement.http.ts'
import { toStatementCsv } from './statement.csv.ts'
import { toStatementPdf } from './statement.pdf.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})
afterAll(() => town.close())

async function owner(): Promise<Viewer> {
  return town.viewerOf(await town.signUp())
}

interface UsageView {
  metric: string
  used: number
  limit: number | null
  planLimit: number | null
  budget: number | null
  resetsAt: string | null
}

const usageFields = 'metric used limit planLimit budget resetsAt'

async function usageOf(viewer: Viewer, metric: string): Promise<UsageView | undefined> {
  const { usage } = await town.client.data<{ usage: UsageView[] }>(viewer, `{ usage { ${usageFields} } }`)
  return usage.find((one) => one.metric === metric)
}

function setBudget(viewer: Viewer, metric: string, budget: number | null) {
  return town.client.data<{ setUsageBudget: { __typename: string } & Partial<UsageView> }>(
    viewer,
    `mutation ($metric: UsageMetric!, $budget: Float) {
      setUsageBudget(metric: $metric, budget: $budget) { __typename ... on Usage { ${usageFields} } } }`,
    { metric, budget },
  )
}

test('an organisation without a plan has no limits, and every measure is told', async () => {
  const viewer = await owner()
  const { usage, viewer: seen } = await town.client.data<{
    usage: UsageView[]
    viewer: { organization: { plan: unknown } }
  }>(viewer, `{ usage { ${usageFields} } viewer { organization { plan { name heavyCallsPerHour } } } }`)
  expect(usage.map(({ metric }) => metric)).toEqual([
    'DOCUMENTS',
    'STORAGE_BYTES',
    'PAGES',
    'TOKENS',
    'GPU_SECONDS',
    'REQUESTS',
  ])
  expect(usage.every(({ used, limit }) => used === 0 && limit === null)).toBe(true)
  expect(seen.organization.plan).toEqual({ name: 'UNLIMITED', heavyCallsPerHour: null })
})

test('a plan limits, its single limits can be others, and the lower of it and the own budget holds', async () => {
  const viewer = await owner()
  await setPlan(town.platform.sql, viewer.organizationId, { name: 'free', limits: ['gpuSeconds=90', 'tokens=none'] })
  expect(await usageOf(viewer, 'GPU_SECONDS')).toMatchObject({ limit: 90, planLimit: 90, budget: null })
  expect(await usageOf(viewer, 'TOKENS')).toMatchObject({ limit: null })
  expect((await setBudget(viewer, 'GPU_SECONDS', 30)).setUsageBudget).toMatchObject({ limit: 30, planLimit: 90 })
  expect((await setBudget(viewer, 'GPU_SECONDS', 300)).setUsageBudget).toMatchObject({ limit: 90, budget: 300 })
  const many = await town.platform.sql
    .withOrganization(viewer, async (tx) => takeUse(tx, { gpuMs: 90_001 }))
    .catch((error: unknown) => error)
  expect(many).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: 90, used: 0 })
  expect((await setBudget(viewer, 'GPU_SECONDS', null)).setUsageBudget).toMatchObject({ limit: 90, budget: null })
})

test.each([
  ['gold', [], /There is no plan “gold”/],
  ['free', ['tokens=many'], /“tokens=many” is no limit/],
  ['free', ['coffee=3'], /“coffee=3” is no limit/],
  ['free', ['gpuMs=3'], /write documents, storageBytes, pages, tokens, gpuSeconds, requests, heavyCallsPerHour as/],
])('a plan that is none is refused: %s %s', async (name, limits, said) => {
  const { organizationId } = await owner()
  await expect(setPlan(town.platform.sql, organizationId, { name, limits })).rejects.toThrow(said)
})

test('an organisation that is none cannot be put on a plan', async () => {
  await expect(setPlan(town.platform.sql, newId('org'), { name: 'team', limits: [] })).rejects.toThrow(
    /no organisation/,
  )
})

test.each([-1, 0.5, 1e16])('a budget of %s is refused', async (budget) => {
  expect((await setBudget(await owner(), 'PAGES', budget)).setUsageBudget.__typename).toBe('InvalidInput')
})

test('who may see usage sees it, who may set budgets sets them, and nobody sees another organisation’s', async () => {
  const viewer = await owner()
  const manager: Viewer = { ...viewer, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  const operator: Viewer = { ...viewer, roles: ['OPERATOR'], scopes: scopesOf(['OPERATOR']) }
  await town.platform.sql.withOrganization(viewer, async (tx) => takeUse(tx, { pages: 4 }))
  expect(await usageOf(manager, 'PAGES')).toMatchObject({ used: 4 })
  expect((await setBudget(manager, 'PAGES', 1)).setUsageBudget.__typename).toBe('NotAllowed')
  const refused = await town.client.ask(operator, '{ usage { used } }')
  expect(refused.errors[0]?.extensions?.code).toBe('FORBIDDEN')
  expect(await usageOf(await owner(), 'PAGES')).toMatchObject({ used: 0 })
})

test('what is there is remembered day by day, and periods that are none are refused', async () => {
  const viewer = await owner()
  const counted = [{ metric: 'documents' as const, sql: 'select 12 as amount' }]
  await writeLevels({ sql: town.platform.sql, levels: counted })
  await town.platform.sql.withOrganization(viewer, async (tx) => takeUse(tx, { requests: 3 }))
  const text = 'query ($from: String!, $to: String!) { usageByDay(from: $from, to: $to) { metric used } }'
  const year = new Date().getUTCFullYear()
  const days = await town.client.data(viewer, text, { from: `${year}-01-01`, to: `${year}-12-31` })
  expect(days).toEqual({
    usageByDay: [
      { metric: 'DOCUMENTS', used: 12 },
      { metric: 'REQUESTS', used: 3 },
    ],
  })
  for (const period of [
    { from: '2026-11-02', to: '2026-11-01' },
    { from: '2020-01-01', to: '2026-11-01' },
    { from: 'yesterday', to: '2026-11-01' },
  ])
    expect((await town.client.ask(viewer, text, period)).errors[0]?.extensions?.code).toBe('BAD_USER_INPUT')
})

test('a statement is a table and a PDF behind links of their own, and a link that was changed opens nothing', async () => {
  const viewer = await owner()
  await town.platform.sql.withOrganization(viewer, async (tx) => takeUse(tx, { pages: 7, gpuMs: 1_500 }))
  const month = new Date().toISOString().slice(0, 7)
  const { exportUsageStatement: links } = await town.client.data<{
    exportUsageStatement: { csvUrl: string; pdfUrl: string }
  }>(
    viewer,
    'mutation ($month: String!) { exportUsageStatement(month: $month) { ... on UsageStatement { csvUrl pdfUrl } } }',
    { month },
  )
  const files = await serveStatements()
  const csv = await fetch(files.url + links.csvUrl)
  expect(csv.headers.get('content-disposition')).toContain(`consommation-${month}.csv`)
  expect(await csv.text()).toContain('Pages lues,7,pages')
  const pdf = await fetch(files.url + links.pdfUrl)
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  for (const changed of [
    links.pdfUrl.replace('.pdf', '.csv'),
    links.csvUrl.replace('token=', 'token=x'),
    '/usage-statements/a.csv',
  ])
    expect((await fetch(files.url + changed)).status).toBe(403)
  await files.close()
})

test('a statement says what it says in French and in English, and its name is no formula', async () => {
  const statement = {
    organization: '=SUM(A1)',
    month: '2026-10',
    plan: 'TEAM' as const,
    madeAt: new Date('2026-11-01T08:00:00Z'),
    totals: [{ metric: 'gpuMs' as const, used: 1_234_567 }],
    days: [{ day: '2026-10-03', metric: 'gpuMs' as const, used: 1_234_567 }],
  }
  const [, line] = toStatementCsv(statement, 'fr').split('\r\n')
  expect(line).toBe("'=SUM(A1),2026-10-03,Temps de carte graphique,1234.567,s")
  expect(toStatementCsv(statement, 'en')).toContain('Time of the graphics card')
  const pdf = await buffer(toStatementPdf(statement, 'fr'))
  expect(pdf.toString('latin1')).toMatch(/\/Lang \(fr-FR\)[\s\S]*\/MarkInfo|\/MarkInfo[\s\S]*\/Lang \(fr-FR\)/)
})

test('an open page hears what is used, as soon as it has changed', async () => {
  const viewer = await owner()
  const heard = await town.client.subscribe<{ usageChanged: UsageView[] }>(
    viewer,
    'subscription { usageChanged { metric used } }',
  )
  const pages = async () => (await heard.next()).data.usageChanged.find(({ metric }) => metric === 'PAGES')
  expect(await pages()).toMatchObject({ used: 0 })
  await town.platform.sql.withOrganization(viewer, async (tx) => takeUse(tx, { pages: 2 }))
  expect(await pages()).toMatchObject({ used: 2 })
  await heard.end()
})

test('however many pages are open, what is used is read once for all of them, and for nobody when they are closed', async () => {
  const viewer = await owner()
  let reads = 0
  const counted: TestPlatform = {
    ...town.platform,
    sql: {
      ...town.platform.sql,
      withOrganization(scope, work) {
        if (scope.organizationId === viewer.organizationId) reads++
        return town.platform.sql.withOrganization(scope, work)
      },
    },
  }
  const client = createTestClient(counted, tenancy)
  const open = () =>
    client.subscribe<{ usageChanged: UsageView[] }>(viewer, 'subscription { usageChanged { metric used } }')
  const pages = await Promise.all(Array.from({ length: 20 }, open))
  const read = async (heard: (typeof pages)[number]) =>
    (await heard.next()).data.usageChanged.find(({ metric }) => metric === 'PAGES')?.used
  expect(new Set(await Promise.all(pages.map(read)))).toEqual(new Set([0]))
  await town.platform.sql.withOrganization(viewer, async (tx) => takeUse(tx, { pages: 2 }))
  expect(new Set(await Promise.all(pages.map(read)))).toEqual(new Set([2]))
  expect(reads).toBeLessThan(pages.length)
  const late = await open()
  expect(await read(late)).toBe(2)
  await Promise.all([...pages, late].map((heard) => heard.end()))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const last = await open()
    expect(vi.getTimerCount()).toBe(1)
    await last.end()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('the operator lists the plans of all organisations, or of one, with one question', async () => {
  const [first, second] = [await owner(), await owner()]
  await setPlan(town.platform.sql, second.organizationId, { name: 'team', limits: [] })
  let questions = 0
  const counted: Sql = {
    ...town.platform.sql,
    query: (text, parameters) => (questions++, town.platform.sql.query(text, parameters)),
    withOrganization: (scope, work) => (questions++, town.platform.sql.withOrganization(scope, work)),
  }
  const all = await listPlans(counted)
  expect(questions).toBe(1)
  expect(all).toContainEqual({ organizationId: first.organizationId, name: 'Fret Sud', plan: 'UNLIMITED' })
  expect(all).toContainEqual({ organizationId: second.organizationId, name: 'Fret Sud', plan: 'TEAM' })
  expect(await listPlans(counted, second.organizationId)).toEqual([
    { organizationId: second.organizationId, name: 'Fret Sud', plan: 'TEAM' },
  ])
  expect(await listPlans(counted, newId('org'))).toEqual([])
})

test('a plan that is changed stands in the audit log and in the facts', async () => {
  const viewer = await owner()
  const before = await town.platform.facts.head(viewer.organizationId)
  await town.platform.sql.withOrganization(viewer, (tx) => applyPlan(tx, 'TEAM'))
  const facts = town.platform.facts.subscribe(viewer.organizationId, { types: ['plan.changed'], after: before })
  expect((await facts.next()).value).toMatchObject({ payload: { name: 'TEAM' } })
  await facts.return?.()
})

async function serveStatements(): Promise<{ url: string; close(): Promise<void> }> {
  const handle = statementRoutes[0]?.open(town.platform)
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    void handle?.(request, response, { requestId: 'r', log: town.platform.log, url })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
