import { expect, test } from 'vitest'
import { askAll, engineAnswers } from './readiness.ts'

const up = () => Promise.resolve(true)
const down = () => Promise.resolve(false)

test('a process is ready when all whom it needs answer, and says of each whether it does', async () => {
  expect(await askAll({ sql: up, graph: down }, ['sql'])).toEqual({
    ready: true,
    engines: { sql: 'up', graph: 'down' },
  })
  expect(await askAll({ sql: down, graph: up }, ['sql'])).toMatchObject({ ready: false })
  expect(await askAll({ graph: up }, ['sql'])).toMatchObject({ ready: false })
})

test('an engine that fails, or says nothing in time, does not answer', async () => {
  expect(await engineAnswers({ health: () => Promise.resolve() })).toBe(true)
  expect(await engineAnswers({ health: () => Promise.reject(new Error('gone')) })).toBe(false)
  expect(await engineAnswers({ health: () => new Promise(() => {}) })).toBe(false)
})
