import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSqliteCoordination } from '../coordination/sqlite.ts'
import type { Coordination } from '../coordination/coordination.ts'
import { endedApiKeyKey, revokedSessionKey, tellScopesNow } from '../identity/access.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { serviceViewer, type Viewer } from '../schema/viewer.ts'
import { makeLink, openLink } from './links.ts'

let folder: string
let coordination: Coordination
const keys = { fileKey: randomBytes(32) }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-links-'))
  coordination = await openSqliteCoordination({ folder, log: createLog({ name: 'test', level: 'silent' }) })
})
afterAll(async () => {
  await coordination.close()
  await rm(folder, { recursive: true })
})

const service = serviceViewer('org_a', [])
const person: Viewer = { ...service, userId: 'usr_a', sessionId: 'ses_a' }
const program: Viewer = { ...service, keyId: 'key_a' }

function linkOf(viewer: Viewer): string {
  const expiresAt = new Date(Date.now() + 60_000)
  return makeLink({ keys }, viewer, { path: '/files/doc_1', purpose: 'file', subjectId: 'doc_1', expiresAt })
}

const scope = 'document:read'
const open = (url: string, purpose = 'file') => openLink({ keys, coordination }, { url, purpose, scope })

test('a link says what it opens and for whom, and opens nothing else', async () => {
  expect(await open(linkOf(person))).toEqual({
    organizationId: 'org_a',
    userId: 'usr_a',
    sessionId: 'ses_a',
    keyId: null,
    clientId: null,
    purpose: 'file',
    subjectId: 'doc_1',
    maxBytes: null,
  })
  expect(await open(linkOf(person), 'upload')).toBeNull()
  expect(await open('/files/doc_1')).toBeNull()
})

test('a link ends with the session or the key that asked for it, and with no other', async () => {
  const [ofPerson, ofProgram, ofService] = [linkOf(person), linkOf(program), linkOf(service)]
  const ofColleague = linkOf({ ...person, sessionId: 'ses_b' })
  const elsewhere = linkOf({ ...person, organizationId: 'org_b' })
  await coordination.memory.set('org_a', revokedSessionKey('ses_a'), '1', 60)
  await coordination.memory.set('org_a', endedApiKeyKey('key_a'), '1', 60)
  expect(await Promise.all([open(ofPerson), open(ofProgram)])).toEqual([null, null])
  for (const url of [ofService, ofColleague, elsewhere]) expect(await open(url)).not.toBeNull()
})

test('a link ends with the right that asking for it took, of a member as of a key', async () => {
  const scopes = ['record:read', 'document:write']
  const colleague = { ...person, userId: 'usr_less', sessionId: 'ses_less' }
  const [ofPerson, ofProgram] = [linkOf(colleague), linkOf({ ...service, keyId: 'key_less' })]
  const others = [service, person, { ...colleague, organizationId: 'org_b' }, { ...colleague, clientId: 'cli_a' }]
  const spared = others.map((viewer) => linkOf({ ...viewer, sessionId: 'ses_spared' }))
  await tellScopesNow(coordination, { organizationId: 'org_a', holders: ['usr_less', 'key_less'], scopes })
  expect(await Promise.all([open(ofPerson), open(ofProgram)])).toEqual([null, null])
  for (const url of spared) expect(await open(url)).not.toBeNull()
  await tellScopesNow(coordination, { organizationId: 'org_a', holders: ['usr_less'], scopes: [...scopes, scope] })
  expect(await open(ofPerson)).not.toBeNull()
})

test('while nobody can say who has lost access, links hold as tokens do', async () => {
  const memory = { ...coordination.memory, get: () => Promise.reject(new EngineUnavailable('coordination')) }
  const url = linkOf({ ...person, sessionId: 'ses_away' })
  expect(await openLink({ keys, coordination: { memory } }, { url, purpose: 'file', scope })).not.toBeNull()
  const broken = { ...memory, get: () => Promise.reject(new Error('a fault of ours')) }
  await expect(openLink({ keys, coordination: { memory: broken } }, { url, purpose: 'file', scope })).rejects.toThrow(
    'ours',
  )
})
