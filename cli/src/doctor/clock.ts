import { inspectRedis } from '@passerelle/platform/coordination/redis'
import type { Log } from '@passerelle/platform/log'
import { inspectSql } from '@passerelle/platform/sql/inspect'
import type { Finding } from './finding.ts'
import type { Env } from '../env/env.ts'

/** Tokens between processes live a minute; a tenth of that is what clocks may differ by without anybody noticing. */
const MOST_MS = 5_000

/** Whether this machine and the servers that keep times for us agree on what time it is. A server that does not answer is told of elsewhere. */
export function clockFinding({ sql, coordination }: Env, log: Log): Finding {
  return [
    'Clock',
    async () => {
      const asked = [
        ...(sql ? [['PostgreSQL', inspectSql(sql.app, [])] as const] : []),
        ...(coordination ? [['Redis', inspectRedis({ ...coordination, log })] as const] : []),
      ]
      const skews: { name: string; skewMs: number }[] = []
      for (const [name, answer] of asked) {
        const found = await answer.catch(() => null)
        if (found) skews.push({ name, skewMs: found.skewMs })
      }
      return describeClock(skews, new Date())
    },
  ]
}

/** What to say of clocks that are `skewMs` ahead of this machine's; throws when one is too far off. */
export function describeClock(skews: readonly { name: string; skewMs: number }[], now: Date): string {
  const wrong = skews.filter(({ skewMs }) => Math.abs(skewMs) > MOST_MS).map(toWords)
  if (wrong.length > 0)
    throw new Error(
      `${wrong.join(', and ')}: sessions and links would end early or late. Let every machine set its clock by NTP (timedatectl set-ntp true)`,
    )
  const others = skews.map(({ name }) => name).join(' and ')
  return others ? `${now.toISOString()}, as ${others} ${skews.length > 1 ? 'have' : 'has'} it` : now.toISOString()
}

function toWords({ name, skewMs }: { name: string; skewMs: number }): string {
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  return `${name}'s clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`
}
