import { existsSync, globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Vite would take graphql's second build, and a schema of one build is not a schema to the other. */
const oneGraphql = [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql/index.js')) }]

const patience = fileURLToPath(new URL('tools/test-patience.ts', import.meta.url))

const rooms = ['platform', 'gateway', ...globSync('subgraphs/*').sort(), 'cli'].filter((room) =>
  existsSync(`${room}/src`),
)

const project = (
  name: string,
  { root, include, testTimeout = 60_000 }: { root: string; include: string[]; testTimeout?: number },
) => ({
  extends: true as const,
  root,
  resolve: { alias: oneGraphql },
  // What is waited for comes as soon as it can; a loaded machine, or an engine on a wire, takes its time.
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    expect: { poll: { timeout: 30_000 } },
    setupFiles: [patience],
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 3,
    passWithNoTests: true,
    globalSetup: ['tools/test-postgres.ts', 'tools/test-engines.ts'],
    projects: [
      ...rooms.map((room) =>
        project(room.replace('subgraphs/', ''), { root: room, include: ['src/**/*.test.ts', 'src/**/*.contract.ts'] }),
      ),
      project('tools', { root: 'tools', include: ['**/*.test.ts'] }),
      project('tests', { root: 'tests', include: ['**/*.test.ts', '**/*.e2e.ts'], testTimeout: 300_000 }),
      ...globSync('web/vitest.config.ts'),
    ],
  },
})
