import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nextGrants, PATIENCE, type Queue } from '../semaphore/turns.ts'
import { startRedis, type RedisServer } from './server.testing.ts'
import { describeOnRedis } from './suite.cases.ts'

const NOW = 1_700_000_000_000

describeOnRedis('the policy in Lua', (program) => {
  let server: RedisServer
  let client: Redis
  beforeAll(async () => {
    server = await startRedis(program)
    client = new Redis(server.url)
  })
  afterAll(async () => {
    client.disconnect()
    await server.stop()
  })

  it('grants what the policy in TypeScript grants, in the same order, for any queue', async () => {
    const policy = readFileSync(new URL('lua/turns.lua', import.meta.url), 'utf8')
    const script = `${policy}\n${ASK}`
    const random = createRandom(7)
    let grants = 0
    for (let round = 0; round < 30; round++) {
      const queues = Array.from({ length: 100 }, () => randomQueue(random))
      const reply = await client.eval(script, 0, NOW, JSON.stringify(queues.map(toLua)))
      const expected = queues.map((queue) => nextGrants(queue, NOW).map(({ id }) => id))
      expect(JSON.parse(String(reply)).map((ids: string[] | object) => (Array.isArray(ids) ? ids : []))).toEqual(
        expected,
      )
      grants += expected.flat().length
    }
    expect(grants).toBeGreaterThan(1000)
  })
})

/** Asks for the grants of each queue, whose waiters are put into lines as they come; an empty table becomes an object. */
const ASK = `
  local function toLines(queue)
    local lines, byKey = {}, {}
    for _, waiter in ipairs(queue.waiting) do
      local key = waiter.priority .. ' ' .. waiter.organizationId
      local line = byKey[key]
      if not line then
        local waiters = {}
        line = { organizationId = waiter.organizationId, priority = waiter.priority, head = waiter, waiters = waiters }
        line.lastTurn, line.served = queue.turns[key] or 0, 1
        line.following = function()
          line.served = line.served + 1
          return waiters[line.served]
        end
        byKey[key], lines[#lines + 1] = line, line
      end
      line.waiters[#line.waiters + 1] = waiter
    end
    return lines
  end
  local answers = {}
  for index, queue in ipairs(cjson.decode(ARGV[2])) do
    local ids = {}
    queue.lines, queue.lightest = toLines(queue), math.huge
    for _, waiter in ipairs(queue.waiting) do queue.lightest = math.min(queue.lightest, waiter.weight) end
    for place, waiter in ipairs(nextGrants(queue, tonumber(ARGV[1]))) do ids[place] = waiter.id end
    answers[index] = ids
  end
  return cjson.encode(answers)`

function toLua({ capacity, running, waiting, turns }: Queue) {
  return {
    capacity,
    running,
    waiting: waiting.map(({ tokenWhenQueued, ...waiter }) => ({ ...waiter, token: tokenWhenQueued })),
    turns: Object.fromEntries(turns.map(({ priority, organizationId, at }) => [`${priority} ${organizationId}`, at])),
    batchTurn: Math.max(0, ...turns.filter(({ priority }) => priority === 'batch').map(({ at }) => at)),
  }
}

/** Every kind of queue: idle and busy cards, young and old waiters, equal and unequal weights. */
function randomQueue(random: (below: number) => number): Queue {
  const organization = () => `org_${random(4)}`
  const priority = () => (random(2) === 0 ? 'interactive' : 'batch')
  const ages = [0, 1, 5, PATIENCE.interactive - 1, PATIENCE.interactive, PATIENCE.batch - 1, PATIENCE.batch, 500_000]
  const at = () => NOW - (ages[random(ages.length)] ?? 0)
  const capacity = 4 + random(12)
  const running: Queue['running'][number][] = []
  for (let free = random(capacity + 1), token = 0; free > 0 && running.length < 5; token++) {
    const weight = 1 + random(free)
    running.push({ organizationId: organization(), weight, token })
    free -= weight
  }
  const turns = new Map<string, Queue['turns'][number]>()
  for (let count = random(6); count > 0; count--) {
    const turn = { organizationId: organization(), priority: priority(), at: at() } as const
    turns.set(`${turn.priority} ${turn.organizationId}`, turn)
  }
  const waiting = Array.from({ length: random(14) }, (_, index) => ({
    id: `w${index}`,
    organizationId: organization(),
    priority: priority(),
    weight: 1 + random(capacity + 2),
    queuedAt: at(),
    tokenWhenQueued: random(6) - 1,
  })) satisfies Queue['waiting']
  return {
    capacity,
    running,
    turns: [...turns.values()],
    waiting: waiting.toSorted((left, right) => left.queuedAt - right.queuedAt),
  }
}

/** The same numbers each time: a failure can be looked at again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
