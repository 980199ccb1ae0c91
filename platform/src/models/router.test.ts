import { describe, expect, it } from 'vitest'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openModels } from './router.ts'
import { CAPACITY, log, query, question, read, useStage } from './stage.testing.ts'
import { chatModel, embeddingModel, openOllamaServer } from './testing.ts'

const stage = useStage()

describe('models without a server', () => {
  it('have nothing to answer with, and say so before they are asked', async () => {
    const none = await openModels({
      coordination: stage.coordination,
      capacityMiB: CAPACITY,
      onCall: () => undefined,
      log,
    })
    expect(await none.capabilities('org_a')).toEqual({ chat: null, embedding: null, speech: null })
    expect([none.configured(), none.configured('speech')]).toEqual([false, false])
    await expect(read(none.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(none.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(await none.health()).toBeUndefined()
  })

  it('come when the server comes, and go when it goes', async () => {
    await stage.server.close()
    await expect
      .poll(() => stage.models.capabilities('org_a'), { timeout: 5000 })
      .toMatchObject({ chat: null, embedding: null })
    await expect(stage.models.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(stage.models.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
    stage.server = await openOllamaServer({ port: Number(new URL(stage.server.url).port) })
    await expect
      .poll(() => stage.models.capabilities('org_a'), { timeout: 5000 })
      .toMatchObject({ chat: chatModel.name, embedding: embeddingModel.name })
    expect(await stage.models.health()).toBeUndefined()
  })
})
