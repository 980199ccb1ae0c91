import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { defaultQuery } from './explorer.ts'

test.each(['api', 'partner', 'client'])('the explorer begins with what the schema for %s has', (name) => {
  const text = readFileSync(new URL(`../../../graph-schema/${name}.graphql`, import.meta.url), 'utf8')
  expect(validate(buildSchema(text, { assumeValid: true }), parse(defaultQuery))).toEqual([])
})
