import { expect, it } from 'vitest'
import { groupScopes } from './scope-groups'

it('puts what is about one thing together, in the order given', () => {
  expect(groupScopes(['document:read', 'answer:ask', 'document:write', 'question:answer', 'model:manage'])).toEqual([
    { noun: 'document', scopes: ['document:read', 'document:write'] },
    { noun: 'answer', scopes: ['answer:ask', 'question:answer'] },
    { noun: 'ai', scopes: ['model:manage'] },
  ])
})
