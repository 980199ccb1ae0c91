import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Roads, SendOptions } from './upload-journey'
import { createUploads } from './uploads'

const file = (name: string) => new File(['abc'], name)

/** Uploads whose server is driven by hand. */
function start() {
  const sending = new Map<
    string,
    SendOptions & { url: string; arrive: (documentId: string) => void; fail: (error: unknown) => void }
  >()
  const grants = new Map<string, Awaited<ReturnType<Roads['ask']>>>()
  const discarded: string[] = []
  const pauses: (() => void)[] = []
  let [keys, places] = [0, 0]
  const uploads = createUploads({
    ask: async ({ name }) =>
      grants.get(name) ?? { url: `/uploads/${++places}`, method: 'PUT', headers: [], documentId: `doc_${name}` },
    send: ({ url }, { name }, options) =>
      new Promise((resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(new Error('aborted')))
        sending.set(name, { ...options, url, arrive: (documentId) => resolve({ documentId }), fail: reject })
      }),
    pause: () => new Promise((resolve) => pauses.push(resolve)),
    discard: async (documentId) => void discarded.push(documentId),
    newKey: () => `k${++keys}`,
    atOnce: 2,
  })
  const states = () => uploads.items.map(({ state }) => state)
  /** Lets the pause that is under way end. */
  const goOn = async () => {
    pauses.shift()?.()
    await flushPromises()
  }
  return { ...uploads, sending, grants, states, discarded, goOn }
}

describe('files on their way', () => {
  it('travel a few at a time, the next when one has arrived', async () => {
    const { add, states, sending } = start()
    add(['a', 'b', 'c'].map(file))
    await flushPromises()
    expect(states()).toEqual(['sending', 'sending', 'waiting'])
    sending.get('a')?.arrive('doc_a')
    await flushPromises()
    expect(states()).toEqual(['sent', 'sending', 'sending'])
  })

  it('tell how much has left', async () => {
    const { add, items, sending } = start()
    add([file('a')])
    await flushPromises()
    sending.get('a')?.onProgress(0.4)
    expect(items[0]?.progress).toBe(0.4)
  })

  it('say when another document already holds the same bytes, and which', async () => {
    const { add, items, sending } = start()
    add([file('a')])
    await flushPromises()
    sending.get('a')?.arrive('doc_old')
    await flushPromises()
    expect(items[0]).toMatchObject({ state: 'known', documentId: 'doc_old' })
  })

  it('keep the reason when they are refused, before or after the bytes', async () => {
    const { add, items, grants, sending } = start()
    grants.set('a', { refusal: { code: 'QUOTA_EXCEEDED', message: 'full' } })
    add([file('a'), file('b')])
    await flushPromises()
    sending.get('b')?.fail({ code: 'UNSUPPORTED_TYPE', message: 'no' })
    await flushPromises()
    expect(items.map(({ state, refusal }) => [state, refusal?.code])).toEqual([
      ['refused', 'QUOTA_EXCEEDED'],
      ['refused', 'UNSUPPORTED_TYPE'],
    ])
  })

  it('stop when told to, make room for the next, and go again when asked', async () => {
    const { add, stop, retry, states, sending } = start()
    add(['a', 'b', 'c'].map(file))
    await flushPromises()
    stop('k1')
    await flushPromises()
    expect(sending.get('a')?.signal.aborted).toBe(true)
    expect(states()).toEqual(['stopped', 'sending', 'sending'])
    sending.get('b')?.arrive('doc_b')
    retry('k1')
    await flushPromises()
    expect(states()).toEqual(['sending', 'sent', 'sending'])
  })

  it('that are wanted again while their stopping is under way begin anew after it, and can be stopped again', async () => {
    const { add, stop, retry, items, sending, discarded, goOn } = start()
    add([file('a')])
    await flushPromises()
    sending.get('a')?.fail({ code: 'OUTAGE', message: 'lost' })
    await flushPromises()
    stop('k1')
    retry('k1')
    await flushPromises()
    expect(items[0]?.state).toBe('waiting')
    await goOn()
    expect(discarded).toEqual(['doc_a'])
    expect(sending.get('a')?.url).toBe('/uploads/2')
    stop('k1')
    await flushPromises()
    expect(sending.get('a')?.signal.aborted).toBe(true)
  })

  it('are cleared away once they have ended, never while they travel', async () => {
    const { add, clear, items, sending } = start()
    add([file('a'), file('b')])
    await flushPromises()
    sending.get('a')?.arrive('doc_a')
    await flushPromises()
    clear()
    expect(items.map(({ file: { name } }) => name)).toEqual(['b'])
  })

  it('go on by themselves when the connection is lost, to the place they were given', async () => {
    const { add, items, sending, goOn } = start()
    add([file('a')])
    await flushPromises()
    sending.get('a')?.onProgress(0.9)
    for (const code of ['OUTAGE', 'INCOMPLETE']) {
      sending.get('a')?.fail({ code, message: 'lost' })
      await flushPromises()
      expect(items[0]).toMatchObject({ state: 'lost', progress: 0 })
      await goOn()
      expect(sending.get('a')?.url).toBe('/uploads/1')
    }
    sending.get('a')?.onProgress(0.5)
    expect(items[0]).toMatchObject({ state: 'sending', progress: 0.5 })
    sending.get('a')?.arrive('doc_a')
    await flushPromises()
    expect(items[0]?.state).toBe('sent')
  })

  it('give up after some tries, and go to the same place when a person asks for another', async () => {
    const { add, retry, items, sending, goOn, discarded } = start()
    add([file('a')])
    await flushPromises()
    for (let tries = 0; tries < 6; tries++) {
      sending.get('a')?.fail({ code: 'OUTAGE', message: 'lost' })
      await flushPromises()
      await goOn()
    }
    expect(items[0]).toMatchObject({ state: 'refused', refusal: { code: 'OUTAGE' } })
    retry('k1')
    await flushPromises()
    expect(sending.get('a')?.url).toBe('/uploads/1')
    expect(discarded).toEqual([])
  })

  it('ask for another place when theirs is no more', async () => {
    const { add, retry, sending } = start()
    add([file('a')])
    await flushPromises()
    sending.get('a')?.fail({ code: 'LINK_INVALID', message: 'too late' })
    await flushPromises()
    retry('k1')
    await flushPromises()
    sending.get('a')?.fail({ code: 'LINK_INVALID', message: 'too late' })
    await flushPromises()
    expect(sending.get('a')?.url).toBe('/uploads/2')
  })

  it('leave nothing behind when they are stopped, or put away unsent', async () => {
    const { add, stop, clear, sending, discarded } = start()
    add([file('a'), file('b')])
    await flushPromises()
    stop('k1')
    sending.get('b')?.fail({ code: 'TOO_LARGE', message: 'no' })
    await flushPromises()
    expect(discarded).toEqual(['doc_a'])
    clear()
    expect(discarded).toEqual(['doc_a', 'doc_b'])
  })
})
