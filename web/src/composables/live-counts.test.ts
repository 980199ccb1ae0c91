import { mount } from '@vue/test-utils'
import { DefaultApolloClient } from '@vue/apollo-composable'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { nameOfDocument } from '@/api/document-name'
import {
  ApprovalChangedDocument,
  DecidableApprovalsDocument,
  HandOversChangedDocument,
  NotificationReceivedDocument,
  OpenHandOversDocument,
  UnreadNotificationsDocument,
} from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle, type Held } from '@/testing/hold-back'
import { openLiveServer } from '@/testing/live-server'

let now = 0
openBrowser({
  'Viewer.scopes': () => ['answer:ask', 'question:answer', 'approval:read', 'approval:decide'],
  'ApprovalsConnection.totalCount': () => now,
  'HandOversConnection.totalCount': () => now,
  'Query.unreadNotifications': () => now,
})
const server = openLiveServer()
const { apollo } = await import('@/api/client')
const { useLiveApprovals, decidableApprovals } = await import('./useLiveApprovals')
const { useLiveHandOvers, waitingHandOvers } = await import('./useLiveHandOvers')
const { useLiveNotifications, unreadNotifications } = await import('./useLiveNotifications')

/** Takes what is so at that moment, and gives the way to bring it. */
async function bring(question: Held | undefined, count: number) {
  now = count
  await question?.answer()
}

const counts = [
  {
    name: 'approvals',
    use: useLiveApprovals,
    shown: decidableApprovals,
    asked: holdBack(DecidableApprovalsDocument),
    subscription: nameOfDocument(ApprovalChangedDocument),
    change: { approvalChanged: { id: 'apr_1', cursor: '1', approval: null } },
  },
  {
    name: 'hand-overs',
    use: useLiveHandOvers,
    shown: waitingHandOvers,
    asked: holdBack(OpenHandOversDocument),
    subscription: nameOfDocument(HandOversChangedDocument),
    change: { handOversChanged: { id: 'hov_1', cursor: '1', handOver: null } },
  },
]
const unreadAsked = holdBack(UnreadNotificationsDocument)

beforeEach(() => {
  for (const { asked } of counts) asked.length = 0
  unreadAsked.length = 0
})
afterEach(() => apollo.clearStore())

function shell(use: () => void) {
  return mount(defineComponent({ setup: () => use(), template: '<p />' }), {
    global: { plugins: [icons], provide: { [DefaultApolloClient]: apollo } },
  })
}

describe.each(counts)('the count of $name that wait', ({ use, shown, asked, subscription, change }) => {
  it('is asked for again after a change, beside a question on its way, and settles on the later one', async () => {
    shell(use)
    await vi.waitFor(() => expect([asked.length > 0, server.hears(subscription)]).toEqual([true, true]))
    await settle()
    const before = asked.length
    await server.tell(subscription, change)
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before), { timeout: 20_000 })
    const [first, last] = [asked[0], asked.at(-1)]
    await bring(last, 3)
    expect(shown.value).toBe(3)
    await bring(first, 8)
    expect(shown.value).toBe(3)
  })

  it('does not take over what was counted before a change, and nothing once the shell is gone', async () => {
    const frame = shell(use)
    await vi.waitFor(() => expect([asked.length > 0, server.hears(subscription)]).toEqual([true, true]))
    await server.tell(subscription, change)
    await bring(asked[0], 8)
    expect(shown.value).toBe(0)
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1), { timeout: 20_000 })
    frame.unmount()
    await bring(asked.at(-1), 5)
    expect(shown.value).toBe(0)
  })
})

it('the count of unread notifications is what was told last, not what was counted before', async () => {
  const name = nameOfDocument(NotificationReceivedDocument)
  shell(useLiveNotifications)
  await vi.waitFor(() => expect([unreadAsked.length > 0, server.hears(name)]).toEqual([true, true]))
  await server.tell(name, { notificationReceived: { unread: 9, cursor: '1' } })
  await bring(unreadAsked[0], 2)
  expect(unreadNotifications.value).toBe(9)
})
