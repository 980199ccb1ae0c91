import { parse } from 'graphql'
import type { Queue } from '@passerelle/platform/jobs'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import { closeLetter, deleteLetter, type Letter } from './notification-letter.store.ts'
import { usualSettings } from './notification-preference.ts'
import { findSettings } from './notification-preference.store.ts'
import { loadRecipients, type Recipient } from './notification-recipient.store.ts'
import { addressesOf, readPersonAddress } from '../personal-data/personal-data.addresses.ts'
import { lineOf, placeOf } from './notification.words.ts'
import type { Notification } from './notification.ts'
import type { Language } from '../webhooks/webhook.tables.ts'

export const letterQueue: Queue<{ letterId: string }> = {
  name: 'tenancy.notification-letter',
  retries: 2_000,
  concurrency: 4,
  perOrganization: 2,
}

/**
 * Writes the message whose time has come, with everything that waits for it. It is written under the letter's own id, so that a process that is killed
 * in between and does it again writes it once.
 */
export async function writeLetter(platform: Platform, organizationId: string, letterId: string): Promise<void> {
  const { sql, mail } = platform
  const addresses = await addressesOf(platform)
  const found = await sql.withOrganization({ organizationId }, async (tx) => {
    const closed = await closeLetter(tx, letterId)
    if (!closed) return null
    const [reader] = await loadRecipients(tx, [closed.letter.userId])
    return { ...closed, reader, settings: (await findSettings(tx, closed.letter.userId)) ?? usualSettings }
  })
  if (!found) return
  const { letter, notices, reader, settings } = found
  // Who has left, or has read everything, is not written to.
  if (reader && notices.length > 0) {
    const titles = await readTitles(platform, { reader, notices, organizationId })
    const message = messageOf({ letter, notices, titles, reader }, settings.language)
    const { email: to } = readPersonAddress(addresses, { id: reader.userId, email: reader.email })
    await mail.send({ organizationId, to, id: letter.id, ...message })
  }
  await sql.withOrganization({ organizationId }, (tx) => deleteLetter(tx, letterId))
}

const titleOfDocument = parse('query NoticeDocument($id: ID!) { document(id: $id) { title } }')
/** So many documents are called by their name; the rest by what they are. */
const mostTitles = 20

/** What the reader may know of the documents that the notices are about. Without an answer they go without names. */
async function readTitles(
  { readGraph, log }: Pick<Platform, 'readGraph' | 'log'>,
  { reader, notices, organizationId }: { reader: Recipient; notices: readonly Notification[]; organizationId: string },
): Promise<Map<string, string>> {
  const { userId, scopes } = reader
  const viewer: Viewer = { organizationId, userId, roles: [], scopes, sessionId: null, keyId: null, clientId: null }
  const titles = new Map<string, string>()
  const ids = notices.filter(({ kind }) => kind.startsWith('DOCUMENT_')).map(({ subjectId }) => subjectId)
  for (const id of ids.slice(0, mostTitles)) {
    const answer = await readGraph({ viewer, document: titleOfDocument, variables: { id } }).catch((error: unknown) => {
      log.debug({ err: error }, 'a notice goes without a name')
      return null
    })
    const document = answer?.data?.['document']
    if (typeof document === 'object' && document !== null && 'title' in document) titles.set(id, String(document.title))
  }
  return titles
}

const longestTitle = 120

interface Content {
  letter: Letter
  notices: readonly Notification[]
  titles: ReadonlyMap<string, string>
  reader: Recipient
}

function messageOf(
  { letter, notices, titles, reader }: Content,
  language: Language,
): { subject: string; text: string } {
  const house = readHouseUrl()
  const entries = notices.map((notice) => {
    const title = titles
      .get(notice.subjectId)
      ?.replace(/\p{Cc}+/gu, ' ')
      .slice(0, longestTitle)
    return `• ${lineOf(notice, language)}${title ? ` : ${title}` : ''}\n  ${house}${placeOf(notice)}`
  })
  const [first] = notices
  const single = first && notices.length === 1 ? lineOf(first, language) : null
  const words = {
    FR: {
      subject:
        single ??
        (letter.cadence === 'DIGEST'
          ? `Votre journée : ${notices.length} notifications`
          : `${notices.length} notifications`),
      hello: `Bonjour ${reader.name},`,
      foot: `Ce qui vous est écrit se règle ici : ${house}/settings/notifications`,
    },
    EN: {
      subject:
        single ??
        (letter.cadence === 'DIGEST' ? `Your day: ${notices.length} notifications` : `${notices.length} notifications`),
      hello: `Hello ${reader.name},`,
      foot: `What is written to you is set here: ${house}/settings/notifications`,
    },
  }[language]
  return {
    subject: words.subject,
    text: `${words.hello}\n\n${entries.join('\n\n')}\n\n---\n${words.foot}\n\nPasserelle`,
  }
}
