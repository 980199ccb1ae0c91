import type { Fact } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import type { Notice, NoticeKind } from './notification.rules.ts'
import { lineOf, placeOf } from './notification.words.ts'
import { deliver } from '../webhooks/webhook-delivery.ts'
import { wasDeliveredLately } from '../webhooks/webhook-delivery.store.ts'
import { listHearers, type Hearer } from '../webhooks/webhook.store.ts'
import type { Language, WebhookKind } from '../webhooks/webhook.tables.ts'

interface Told {
  fact: Fact
  kind: NoticeKind
  notice: Notice
}

/** Tells chat rooms that hear of the kind, each in its own form and language; not twice the same within an hour. */
export async function tellRooms(platform: Pick<Platform, 'jobs'>, tx: Tx, { fact, kind, notice }: Told): Promise<void> {
  const { organizationId, position } = fact
  for (const room of await listHearers(tx, ['SLACK', 'TEAMS'])) {
    if (!room.types.includes(kind) || Number(position) <= room.afterPosition) continue
    const text = lineOf({ kind, params: notice.params }, room.language)
    const body = roomBody(room, { text, url: `${readHouseUrl()}${placeOf({ kind, subjectId: notice.subjectId })}` })
    if (await wasDeliveredLately(tx, room.id, body)) continue
    await deliver(platform, tx, {
      organizationId,
      webhookId: room.id,
      factPosition: Number(position),
      type: kind,
      body,
    })
  }
}

const open: Record<Language, string> = { FR: 'Ouvrir', EN: 'Open' }

/** A message in the form that the room takes: Slack's blocks, or the card of a Teams workflow. */
export function roomBody(
  { kind, language }: { kind: WebhookKind } & Pick<Hearer, 'language'>,
  { text, url }: { text: string; url: string },
): string {
  return JSON.stringify(
    kind === 'SLACK'
      ? slackMessage(text, { url, label: open[language] })
      : teamsCard(text, { url, label: open[language] }),
  )
}

interface Button {
  url: string
  label: string
}

function slackMessage(text: string, { url, label }: Button): object {
  // Slack reads three characters as its own.
  const plain = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return {
    text: plain,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${plain}*` } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `Passerelle · <${url}|${label}>` }] },
    ],
  }
}

function teamsCard(text: string, { url, label }: Button): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text, weight: 'Bolder', wrap: true },
            { type: 'TextBlock', text: 'Passerelle', isSubtle: true, spacing: 'None', size: 'Small' },
          ],
          actions: [{ type: 'Action.OpenUrl', title: label, url }],
        },
      },
    ],
  }
}
