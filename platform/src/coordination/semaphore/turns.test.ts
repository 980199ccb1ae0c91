import { describe, expect, it } from 'vitest'
import { nextGrants, PATIENCE, servingOrder, type Queue, type Waiter } from './turns.ts'

const NOW = 1_000_000

/** `a1`, `b2`: the letter is the organisation; they came in the order they are listed, a millisecond apart. */
function line(ids: string[], each: Partial<Waiter> = {}): Waiter[] {
  return ids.map((id, index) => ({
    id,
    organizationId: id.charAt(0),
    weight: 10,
    priority: 'interactive',
    queuedAt: NOW - 100 + index,
    tokenWhenQueued: 0,
    ...each,
  }))
}

const queue = (waiting: Waiter[], rest: Partial<Queue> = {}): Queue => ({
  capacity: 10,
  running: [],
  turns: [],
  waiting,
  ...rest,
})
const order = (given: Queue) => [...servingOrder(given, NOW)].map((waiter) => waiter.id)
const granted = (given: Queue) => nextGrants(given, NOW).map((waiter) => waiter.id)

describe('the order of the queue', () => {
  it('is first come, first served among equals', () => {
    expect(order(queue(line(['a1', 'b1', 'c1'])))).toEqual(['a1', 'b1', 'c1'])
  })

  it('takes turns between organisations however long the backlog of one is', () => {
    expect(order(queue(line(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'])))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
      'a4',
    ])
  })

  it('lets interactive work go before batch work that came earlier', () => {
    expect(order(queue([...line(['a1', 'a2'], { priority: 'batch' }), ...line(['a3', 'b1'])]))).toEqual([
      'a3',
      'b1',
      'a1',
      'a2',
    ])
  })

  it('puts the organisation that runs the least first', () => {
    const running = [
      { organizationId: 'a', weight: 6, token: 1 },
      { organizationId: 'b', weight: 2, token: 2 },
    ]
    expect(order(queue(line(['a1', 'b1', 'c1'], { weight: 1 }), { running }))).toEqual(['c1', 'b1', 'a1'])
  })

  it('puts the one whose last turn is longest ago first when they run the same', () => {
    const turns = [
      { organizationId: 'a', priority: 'interactive' as const, at: NOW - 5 },
      { organizationId: 'b', priority: 'interactive' as const, at: NOW - 50 },
    ]
    expect(order(queue(line(['a1', 'b1']), { turns }))).toEqual(['b1', 'a1'])
  })

  it('puts who came in the very millisecond of another’s turn before that other', () => {
    const turns = [{ organizationId: 'a', priority: 'interactive' as const, at: NOW - 50 }]
    const waiting = [...line(['a1'], { queuedAt: NOW - 60 }), ...line(['b1'], { queuedAt: NOW - 50 })]
    expect(order(queue(waiting, { turns }))).toEqual(['b1', 'a1'])
  })

  it('owes a turn to an organisation that had none for too long, even if it runs more than the others', () => {
    const running = [{ organizationId: 'a', weight: 9, token: 1 }]
    const late = line(['a1'], { queuedAt: NOW - PATIENCE.interactive })
    expect(order(queue([...late, ...line(['b1', 'c1'])], { running }))).toEqual(['a1', 'b1', 'c1'])
    const early = line(['a1'], { queuedAt: NOW - PATIENCE.interactive + 1 })
    expect(order(queue([...early, ...line(['b1', 'c1'])], { running }))).toEqual(['b1', 'c1', 'a1'])
  })

  it('owes batch one turn, not its whole backlog, when interactive work has kept it out for too long', () => {
    const batch = line(['a1', 'a2', 'b1'], { priority: 'batch', queuedAt: NOW - PATIENCE.batch })
    expect(order(queue([...batch, ...line(['c1', 'c2'])]))).toEqual(['a1', 'c1', 'c2', 'b1', 'a2'])
  })

  it('owes batch nothing while some batch work had a turn lately', () => {
    const batch = line(['a1'], { priority: 'batch', queuedAt: NOW - 10 * PATIENCE.batch })
    const turns = [{ organizationId: 'b', priority: 'batch' as const, at: NOW - PATIENCE.batch + 1 }]
    expect(order(queue([...batch, ...line(['c1'])], { turns }))).toEqual(['c1', 'a1'])
  })

  it('names everyone exactly once', () => {
    for (const given of everyQueue())
      expect(order(given).toSorted()).toEqual(given.waiting.map((waiter) => waiter.id).toSorted())
  })
})

describe('the next grants', () => {
  it('fill the capacity and stop there', () => {
    expect(granted(queue(line(['a1', 'b1', 'c1'], { weight: 4 })))).toEqual(['a1', 'b1'])
  })

  it('are none while nothing fits', () => {
    expect(granted(queue(line(['a1']), { running: [{ organizationId: 'b', weight: 1, token: 1 }] }))).toEqual([])
  })

  it('let a small one pass a head that has to wait, when the head will fit beside it', () => {
    const waiting = [...line(['a1'], { weight: 8 }), ...line(['b1'], { weight: 2 })]
    expect(granted(queue(waiting, { running: [{ organizationId: 'c', weight: 8, token: 0 }] }))).toEqual(['b1'])
  })

  it('let nobody pass a head that needs the whole capacity', () => {
    const waiting = [...line(['a1'], { weight: 10 }), ...line(['b1'], { weight: 1 })]
    expect(granted(queue(waiting, { running: [{ organizationId: 'c', weight: 5, token: 0 }] }))).toEqual([])
  })

  it('count what has already passed the head against what may pass it', () => {
    const waiting = [...line(['a1'], { weight: 8, tokenWhenQueued: 5 }), ...line(['b1'], { weight: 2 })]
    const running = [
      { organizationId: 'c', weight: 6, token: 5 },
      { organizationId: 'd', weight: 2, token: 6 },
    ]
    expect(granted(queue(waiting, { running }))).toEqual([])
  })

  it('give the whole capacity to a waiter from a time when there was more of it', () => {
    expect(granted(queue(line(['a1'], { weight: 15 })))).toEqual(['a1'])
  })

  it('never exceed the capacity, always serve an idle card, and pass a head only by what it leaves over', () => {
    for (const given of everyQueue()) {
      const grants = nextGrants(given, NOW)
      const running = given.running.reduce((sum, lease) => sum + lease.weight, 0)
      const total = grants.reduce((sum, waiter) => sum + waiter.weight, running)
      expect(total).toBeLessThanOrEqual(given.capacity)
      expect(grants.length + running).toBeGreaterThan(0)
      const head = [...servingOrder(given, NOW)].find((waiter) => !grants.includes(waiter))
      const passed = grants.slice(grants.findLastIndex((waiter) => isBefore(given, waiter, head)) + 1)
      const reserved = head && passed.length > 0 ? head.weight : 0
      expect(sum(passed) + reserved).toBeLessThanOrEqual(given.capacity)
    }
  })

  it('serve everyone in the end, whatever keeps coming', () => {
    const starving = { ...line(['z1'], { weight: 10, priority: 'batch' })[0]!, queuedAt: NOW }
    const waiting = [starving]
    let running: { organizationId: string; weight: number; token: number; until: number }[] = []
    let turns: Queue['turns'] = []
    let token = 0
    for (let now = NOW; now < NOW + 3 * PATIENCE.batch; now += 500) {
      running = running.filter((lease) => lease.until > now)
      const come = line(['a', 'b', 'c'], { weight: 5, queuedAt: now, tokenWhenQueued: token })
      waiting.push(...come.map((waiter, index) => ({ ...waiter, id: `${waiter.id}${now}${index}` })))
      for (const waiter of nextGrants({ capacity: 10, running, waiting, turns }, now)) {
        if (waiter === starving) return
        token += 1
        waiting.splice(waiting.indexOf(waiter), 1)
        running.push({ organizationId: waiter.organizationId, weight: waiter.weight, token, until: now + 700 })
        turns = [...turns.filter((turn) => turn.organizationId !== waiter.organizationId), { ...waiter, at: now }]
      }
    }
    expect.fail('The batch waiter never had its turn.')
  })
})

function isBefore(given: Queue, waiter: Waiter, head: Waiter | undefined): boolean {
  const ids = order(given)
  return head === undefined || ids.indexOf(waiter.id) < ids.indexOf(head.id)
}

const sum = (waiters: Waiter[]) => waiters.reduce((total, waiter) => total + waiter.weight, 0)

/** Every queue of four waiters over two organisations, two priorities, two weights and two ages, on an idle and on a busy card. */
function* everyQueue(): Generator<Queue> {
  const shapes = ['a', 'b'].flatMap((organizationId) =>
    (['interactive', 'batch'] as const).flatMap((priority) =>
      [3, 8].flatMap((weight) =>
        [1, PATIENCE.batch].map((age) => ({ organizationId, priority, weight, queuedAt: NOW - age })),
      ),
    ),
  )
  const running = [{ organizationId: 'a', weight: 4, token: 1 }]
  for (let code = 0; code < shapes.length ** 4; code += 7) {
    const waiting = [0, 1, 2, 3].map((place) => {
      const shape = shapes[Math.floor(code / shapes.length ** place) % shapes.length]!
      return { ...shape, id: `w${place}`, tokenWhenQueued: place % 2 }
    })
    yield queue(waiting, { running: code % 2 === 0 ? [] : running })
  }
}
