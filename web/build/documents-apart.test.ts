import { expect, it } from 'vitest'
import { documentsIn } from './documents-apart'

const line = (name: string) =>
  `export const ${name}Document = {"kind":"Document","definitions":[]} as unknown as DocumentNode<${name}Query, ${name}QueryVariables>;`

it('makes a module of each document, and none of types', () => {
  const documents = documentsIn(['export type A = string;', line('Clients'), line('Client'), ''].join('\n'))
  expect([...documents]).toEqual([
    ['ClientsDocument', 'export const ClientsDocument = {"kind":"Document","definitions":[]}'],
    ['ClientDocument', 'export const ClientDocument = {"kind":"Document","definitions":[]}'],
  ])
})

it('does not lose what it does not know', () => {
  expect(() => documentsIn(`${line('Client')}\nexport const colour = 'red';`)).toThrow('colour')
})
