import { createChannel, type Channel } from '@passerelle/platform/facts/channel'
import type { Platform } from '@passerelle/platform/subgraph'
import { readUsage, type Usage } from './usage.ts'

const everyMs = 2_000

type House = Pick<Platform, 'sql' | 'levels'>

/** Everybody in this process who watches one organisation. */
interface Watch {
  /** Each reader, and what they were told last. */
  readers: Map<Channel<Usage[]>, string>
  looking: Promise<void> | null
  timer: NodeJS.Timeout
}

/** By the store that is asked; an organisation that nobody watches is in none. */
const watches = new WeakMap<House['sql'], Map<string, Watch>>()

/** What is used now, and every two seconds when it has changed. However many watch an organisation, its rows are read once for all; nobody reads for nobody. */
export function watchUsage(house: House, organizationId: string, signal: AbortSignal): Channel<Usage[]> {
  const known = watches.get(house.sql) ?? new Map<string, Watch>()
  watches.set(house.sql, known)
  const watch = known.get(organizationId) ?? open(house, organizationId)
  known.set(organizationId, watch)
  const reader = createChannel<Usage[]>(() => {
    watch.readers.delete(reader)
    if (watch.readers.size > 0) return
    clearInterval(watch.timer)
    known.delete(organizationId)
  })
  signal.addEventListener('abort', () => reader.end(), { once: true })
  watch.readers.set(reader, '')
  look(house, organizationId, watch)
  return reader
}

function open(house: House, organizationId: string): Watch {
  const watch: Watch = {
    readers: new Map(),
    looking: null,
    timer: setInterval(() => look(house, organizationId, watch), everyMs).unref(),
  }
  return watch
}

/** Reads once for all who came by now; who comes meanwhile is told too. */
function look(house: House, organizationId: string, watch: Watch): void {
  watch.looking ??= readUsage(house, { organizationId })
    .then(
      (usage) => tell(watch, usage),
      (error: unknown) => {
        for (const reader of watch.readers.keys()) reader.fail(error)
      },
    )
    .finally(() => (watch.looking = null))
}

/** Who has not read what they were told before hears of it later: what waits is never more than one. */
function tell({ readers }: Watch, usage: Usage[]): void {
  const now = JSON.stringify(usage)
  for (const [reader, last] of readers) {
    if (now === last || reader.size > 0) continue
    readers.set(reader, now)
    reader.push(usage)
  }
}
