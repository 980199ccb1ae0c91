import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test } from 'vitest'
import { useStage } from './stage.testing.ts'

const stage = useStage()

const fields = 'busy capacity used waiting running { task model weight since }'

test('the queue shows its totals to everybody and what runs to those who run it, at once and after each change', async () => {
  const viewer = createTestViewer()
  const { queue } = stage.platform.models
  const stream = await stage.client.subscribe(viewer, `subscription { inferenceQueueChanged { ${fields} } }`)
  const { capacity } = await queue.state()
  expect((await stream.next()).data).toEqual({
    inferenceQueueChanged: { busy: false, capacity, used: 0, waiting: 0, running: [] },
  })
  const request = {
    organizationId: viewer.organizationId,
    task: 'ask',
    model: 'mistral',
    weight: capacity,
    priority: 'interactive' as const,
  }
  const lease = await queue.acquire(request)
  expect((await stream.next()).data).toMatchObject({
    inferenceQueueChanged: {
      busy: true,
      used: capacity,
      running: [{ task: 'ask', model: 'mistral', weight: capacity }],
    },
  })
  const other = await stage.client.ask(createTestViewer(), `{ inferenceQueue { ${fields} } }`)
  expect(other.data).toMatchObject({ inferenceQueue: { busy: true, used: capacity, running: [] } })
  await lease.release()
  expect((await stream.next()).data).toMatchObject({ inferenceQueueChanged: { busy: false, used: 0, running: [] } })
  await stream.end()
})

test('nobody sees the queue without being logged in', async () => {
  const { errors } = await stage.client.ask(null, `{ inferenceQueue { ${fields} } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  await expect(stage.client.subscribe(null, `subscription { inferenceQueueChanged { ${fields} } }`)).rejects.toThrow(
    'Log in first',
  )
})
