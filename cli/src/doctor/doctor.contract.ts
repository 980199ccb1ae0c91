import { createLog } from '@passerelle/platform/log'
import { expect, test } from 'vitest'
import { engineFindings } from './engines.ts'
import { look, toEnv } from './doctor.testing.ts'

const log = createLog({ name: 'test', level: 'silent' })
const engines = [
  { about: 'Graph', variable: 'NEO4J_TEST_URL', setting: 'GRAPH_URL', says: /^Neo4j\/\S+ answers at .* constraints/ },
  { about: 'Search index', variable: 'QDRANT_TEST_URL', setting: 'VECTORS_URL', says: /^Qdrant \S+ answers at / },
  {
    about: 'Coordination',
    variable: 'REDIS_TEST_URL',
    setting: 'COORDINATION_URL',
    says: /^(Redis|Valkey) \S+ answers$/,
  },
]
for (const { about, variable, setting, says } of engines)
  test(`says of the engine of ${setting} what it is, when it takes what is written`, async ({ skip }) => {
    const url = process.env[variable]
    if (!url) return skip(`${variable} is not set`)
    expect(await look(engineFindings(toEnv({ [setting]: url }), log), about)).toMatch(says)
  })
