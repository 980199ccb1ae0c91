import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { openJobs, type Jobs } from '../jobs/jobs.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import type { Sql } from '../sql/sql.ts'
import { testCertificate } from './certificate.testing.ts'
import { openTestSealing } from '../sealing/testing.ts'
import { mailQueue, openSmtpMail } from './delivery.ts'
import type { Mail } from './mail.ts'
import { answer, startTestMailServer, type TestMailServer } from './server.testing.ts'
import { requireSender, toSmtp } from './smtp-address.ts'
import { openSmtp } from './smtp.ts'

const log = createLog({ name: 'test', level: 'silent' })
const from = 'Passerelle <maison@exemple.fr>'

describe('a message on its way', () => {
  let database: TestDatabase
  let jobs: Jobs
  let server: TestMailServer | undefined
  const page = { first: 10, after: null }

  beforeAll(async () => {
    database = await createTestDatabase([], [mailQueue])
  })
  afterEach(async () => {
    await jobs.close()
    await server?.close()
    server = undefined
  })
  afterAll(() => database.drop())

  /** One message of a new organisation, handed to the server at the port. */
  async function send(
    port: number,
    options: { sql?: Sql; patienceMs?: number } = {},
  ): Promise<{ mail: Mail; organizationId: string }> {
    jobs = await openJobs({ connection: database.app, sql: database.sql, log })
    const smtp = openSmtp({ server: { host: '127.0.0.1', port, ignoreTLS: true }, from })
    const mail = openSmtpMail({
      sql: database.sql,
      sealing: openTestSealing(database.sql),
      jobs,
      smtp,
      log,
      ...options,
    })
    const organizationId = newId('org')
    await mail.work()
    await mail.send({ organizationId, to: 'zoe@exemple.fr', subject: 'Bonjour', text: 'Un secret' })
    return { mail, organizationId }
  }

  const fate = async ({ mail, organizationId }: Awaited<ReturnType<typeof send>>) =>
    (await mail.kept({ organizationId }, page)).nodes.map(({ state, failure, text }) => ({ state, failure, text }))

  it('waits for a server that is away, then arrives once, and its text is kept no longer', async () => {
    const { port, close } = await startTestMailServer()
    await close()
    const sent = await send(port)
    await expect.poll(() => fate(sent), { timeout: 20_000 }).toEqual([{ state: 'WAITING', failure: null, text: null }])
    const failed = `select 1 from jobs.job where name = 'mail.send' and state = 'retry'`
    await expect.poll(() => database.asOwner(failed), { timeout: 20_000 }).toHaveLength(1)
    server = await startTestMailServer({ port })
    await expect.poll(() => fate(sent), { timeout: 60_000 }).toEqual([{ state: 'SENT', failure: null, text: null }])
    expect(server.taken).toHaveLength(1)
    expect(
      await database.asOwner('select text from platform.mail where organization_id = $1', [sent.organizationId]),
    ).toEqual([{ text: null }])
  })

  it('is tried again when the server is busy, and arrives once', async () => {
    let asked = 0
    server = await startTestMailServer({
      onRcptTo: (_to, _session, done) => done(++asked < 3 ? answer(451, 'Come back later') : null),
    })
    const sent = await send(server.port)
    await expect.poll(() => fate(sent), { timeout: 60_000 }).toMatchObject([{ state: 'SENT' }])
    expect(asked).toBe(3)
    expect(server.taken).toHaveLength(1)
  })

  it('is given up at once when the server will never take it, and what it said is kept', async () => {
    server = await startTestMailServer({
      onRcptTo: (_to, _session, done) => done(answer(550, 'No such user here')),
    })
    const sent = await send(server.port)
    await expect
      .poll(() => fate(sent), { timeout: 30_000 })
      .toEqual([{ state: 'REFUSED', failure: '550 No such user here', text: null }])
  })

  it('is given up when the server has been away for too long', async () => {
    const { port, close } = await startTestMailServer()
    await close()
    const sent = await send(port, { patienceMs: 0 })
    await expect.poll(() => fate(sent), { timeout: 30_000 }).toEqual([{ state: 'REFUSED', failure: null, text: null }])
  })

  it('is not sent again when the database was away while the server took it', async () => {
    let away = 0
    const sql: Sql = {
      ...database.sql,
      // The third transaction of a message is the one that writes the server's yes down; the first keeps it, the second reads it.
      withOrganization: (scope, work) =>
        ++away === 3 ? Promise.reject(new EngineUnavailable('sql')) : database.sql.withOrganization(scope, work),
    }
    server = await startTestMailServer()
    const sent = await send(server.port, { sql })
    await expect.poll(() => fate({ ...sent, mail: sent.mail }), { timeout: 60_000 }).toMatchObject([{ state: 'SENT' }])
    expect(away).toBeGreaterThan(3)
    expect(server.taken).toHaveLength(1)
  })
})

describe('the talk with a server', () => {
  let folder: string
  let ca: string
  let server: TestMailServer
  const passwords: string[] = []
  const message = {
    id: newId('msg'),
    organizationId: newId('org'),
    to: 'zoe@exemple.fr',
    subject: 'Éléonore a répondu',
    text: '« Oui »\n.\nfin\n',
    writtenAt: new Date('2026-01-02T03:04:05Z'),
  }
  const talk = (address: string) => openSmtp({ server: toSmtp(address, { password: 'secret' }), from })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-smtp-'))
    ca = join(folder, 'ca.pem')
    await writeFile(ca, testCertificate)
    server = await startTestMailServer({
      authOptional: false,
      onAuth({ password }, _session, done) {
        passwords.push(password ?? '')
        if (password === 'secret') done(null, { user: 'maison' })
        else done(answer(535, 'Who are you?'))
      },
    })
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('encrypts before it logs in, verifies whom it talks to, and says who the message is from', async () => {
    await talk(`smtp://maison@localhost:${server.port}?ca=${ca}`).deliver(message)
    expect(passwords).toEqual(['secret'])
    expect(server.taken[0]).toMatchObject({
      messageId: `<${message.id}@exemple.fr>`,
      from: { name: 'Passerelle', address: 'maison@exemple.fr' },
      subject: message.subject,
      text: message.text,
      date: '2026-01-02T03:04:05.000Z',
    })
  })

  it('gives a message the same name each time, by which a second one is known', async () => {
    server.taken.length = 0
    for (const _ of [1, 2]) await talk(`smtp://maison@localhost:${server.port}?ca=${ca}`).deliver(message)
    expect(server.taken.map(({ messageId }) => messageId)).toEqual([1, 2].map(() => `<${message.id}@exemple.fr>`))
  })

  it('tells no password to a server that cannot prove who it is, nor to one that does not encrypt', async () => {
    passwords.length = 0
    const open = await startTestMailServer({
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(null, { user: 'x' }),
    })
    await expect(talk(`smtp://maison@localhost:${server.port}`).deliver(message)).rejects.toMatchObject({
      engine: 'mail',
    })
    await expect(talk(`smtp://maison@localhost:${open.port}`).deliver(message)).rejects.toMatchObject({
      engine: 'mail',
    })
    await open.close()
    expect(passwords).toEqual([])
    expect(open.taken).toEqual([])
  })

  it('takes a wrong password for an engine that is away: the message is not at fault', async () => {
    const wrong = openSmtp({ server: toSmtp(`smtp://maison:wrong@localhost:${server.port}?ca=${ca}`), from })
    await expect(wrong.deliver(message)).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(wrong.health()).rejects.toMatchObject({ engine: 'mail' })
    await expect(talk(`smtp://maison@localhost:${server.port}?ca=${ca}`).health()).resolves.toBeUndefined()
  })
})

test.each([
  ['https://mail', 'is not an smtp:// or smtps:// address'],
  ['smtp://', 'names no host'],
  ['smtp://user@mail', 'names a user, and no password is set'],
  ['smtp://mail?starttls=perhaps', 'has a starttls that is none of required, optional, off'],
  ['smtp://mail?pool=true', 'has a parameter that is not known here: pool'],
  ['smtps://mail?ca=/none', 'names a file for ca that cannot be read: /none'],
])('the address %s is refused in a sentence', (address, sentence) => {
  expect(() => toSmtp(address)).toThrow(sentence)
})

test('a sender is one address, alone or behind a name', () => {
  expect(requireSender('a@exemple.fr')).toBe('a@exemple.fr')
  expect(requireSender('Maison <a@exemple.fr>')).toBe('a@exemple.fr')
  for (const from of ['', 'Maison', 'a@exemple', 'a@exemple.fr, b@exemple.fr', 'x\r\nBcc: b@c.fr <a@exemple.fr>'])
    expect(() => requireSender(from)).toThrow('is not an e-mail address')
})
