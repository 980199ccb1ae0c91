import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createUploads, type SendOptions, type UploadGrant } from './uploads'

const file = (name: string) => new File(['abc'], name)

/** Uploads whose server is driven by hand. */
function start() {
  const sending = new Map<
    string,
    SendOptions & { arrive: (documentId: string) => void; fail: (error: unknown) => void }
  >()
  const grants = new Map<string, UploadGrant>()
  let keys = 0
  const uploads = createUploads({
    ask: async ({ name }) =>
      grants.get(name) ?? { url: '/uploads/1', method: 'PUT', headers: [], documentId: `doc_${name}` },
    send: (_grant, { name }, options) =>
      new Promise((resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(new Error('aborted')))
        sending.set(name, { ...options, arrive: (documentId) => resolve({ documentId }), fail: reject })
      }),
    newKey: () => `k${++keys}`,
    atOnce: 2,
  })
  const states = () => uploads.items.map(({ state }) => state)
  return { ...uploads, sending, grants, states }
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

  it('are cleared away once they have ended, never while they travel', async () => {
    const { add, clear, items, sending } = start()
    add([file('a'), file('b')])
    await flushPromises()
    sending.get('a')?.arrive('doc_a')
    await flushPromises()
    clear()
    expect(items.map(({ file: { name } }) => name)).toEqual(['b'])
  })
})
