import { publish, type Consumer, type Fact } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { openLetter } from './notification-letter.store.ts'
import { letterQueue } from './notification-letter.ts'
import { usualOf, usualSettings } from './notification-preference.ts'
import { findSettings, loadPreferences } from './notification-preference.store.ts'
import { loadRecipients } from './notification-recipient.store.ts'
import { tellRooms } from './notification-room.ts'
import { nextDigest, nextLetter } from './notification.clock.ts'
import { noticeCreated } from './notification.facts.ts'
import { noticeRules, type Hearers, type MailCadence, type Notice, type NoticeRule } from './notification.rules.ts'
import { insertNotification, pruneNotifications, wasToldLately } from './notification.store.ts'

/** How long people find what they were told. */
const keepDays = 180

type Telling = Pick<Platform, 'sql' | 'jobs'>

/** Tells people what happened, by the rules. A fact that comes twice finds them told; what each is told, and the job of the message, is one transaction. */
export function createNotificationConsumer(platform: Telling): Consumer {
  return {
    name: 'tenancy.notifications',
    types: [...new Set(noticeRules.flatMap(({ types }) => types))],
    async handle(fact) {
      const notices = noticeRules.flatMap((rule) => {
        const notice = rule.types.includes(fact.type) ? rule.read(fact) : null
        return notice ? [{ rule, notice }] : []
      })
      if (notices.length === 0) return
      await platform.sql.withOrganization({ organizationId: fact.organizationId }, async (tx) => {
        for (const { rule, notice } of notices) {
          await tellPeople(platform, tx, { fact, rule, notice })
          await tellRooms(platform, tx, { fact, kind: rule.kind, notice })
        }
      })
    },
  }
}

interface Told {
  fact: Fact
  rule: NoticeRule
  notice: Notice
}

async function tellPeople(platform: Telling, tx: Tx, { fact, rule: { kind }, notice }: Told): Promise<void> {
  const userIds = await findHearers(tx, fact, notice.to)
  const said = new Map((await loadPreferences(tx, userIds, kind)).map((each) => [each.userId, each]))
  for (const userId of userIds) {
    const { inApp, mail } = said.get(userId) ?? usualOf(kind)
    const { subjectId, params, topic = subjectId } = notice
    if (!inApp && mail === 'OFF') continue
    if (await wasToldLately(tx, { userId, kind, topic })) continue
    const id = newId('ntf')
    const { organizationId, occurredAt: createdAt } = fact
    const notification = {
      id,
      organizationId,
      userId,
      kind,
      subjectId,
      topic,
      params,
      createdAt,
      readAt: null,
      archivedAt: null,
    }
    const row = { ...notification, factPosition: Number(fact.position), shown: inApp, mail }
    await pruneNotifications(tx, userId, keepDays)
    if (!(await insertNotification(tx, row))) continue
    if (mail !== 'OFF') await expectLetter(platform, tx, { organizationId, userId, cadence: mail })
    if (inApp) publish(tx, noticeCreated({ id, userId }))
  }
}

/** Who is named is told of it even by themselves; of what concerns a right, whoever did it knows already. */
async function findHearers(tx: Tx, { actor }: Fact, to: Hearers): Promise<string[]> {
  if ('people' in to) {
    const named = to.people.filter((each) => typeof each === 'string')
    return (await loadRecipients(tx, named)).map(({ userId }) => userId)
  }
  const all = await loadRecipients(tx, null)
  return all
    .filter(({ userId, scopes }) => userId !== actor && to.scopes.every((scope) => scopes.includes(scope)))
    .map(({ userId }) => userId)
}

async function expectLetter(
  { jobs }: Pick<Platform, 'jobs'>,
  tx: Tx,
  { organizationId, userId, cadence }: { organizationId: string; userId: string; cadence: Exclude<MailCadence, 'OFF'> },
): Promise<void> {
  const settings = (await findSettings(tx, userId)) ?? usualSettings
  const now = new Date()
  const dueAt = cadence === 'NOW' ? nextLetter(settings, now) : nextDigest(settings, now)
  const letter = { id: newId('msg'), organizationId, userId, cadence, dueAt }
  if (await openLetter(tx, letter))
    await jobs.enqueue(tx, letterQueue, { letterId: letter.id }, { key: letter.id, notBefore: dueAt })
}
