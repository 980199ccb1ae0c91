import { describe, expect, it } from 'vitest'
import { EngineUnavailable, InvalidInput, NotFound } from '../schema/refusals.ts'
import { isBackupName, toBackupName } from './library.ts'
import { query, useStage } from './stage.testing.ts'
import { chatModel, embeddingModel } from './testing.ts'

const stage = useStage()
const gemma = { ...chatModel, name: 'gemma3:4b', digest: '9'.repeat(64), size: 4_000 }
const never = () => new AbortController().signal
const names = async () => (await stage.models.list()).map(({ name }) => name)

describe('the models of the house', () => {
  it('are listed with what they are and what is on the card', async () => {
    stage.server.loaded.add(embeddingModel.name)
    expect(await stage.models.list()).toEqual([
      {
        name: chatModel.name,
        provider: 'ollama',
        digest: chatModel.digest,
        sizeBytes: chatModel.size,
        parameters: '7B',
        quantization: 'Q4_K_M',
        contextLength: chatModel.contextLength,
        skills: ['chat'],
        loaded: false,
        outside: false,
      },
      expect.objectContaining({ name: embeddingModel.name, skills: ['embedding'], loaded: true }),
    ])
  })

  it('are not those that the server only passes on to somebody else', async () => {
    stage.server.models = [{ ...chatModel, name: 'gpt-oss:120b-cloud', remoteHost: 'https://ollama.com:443' }]
    await stage.reopen()
    expect(await names()).toEqual([])
    expect((await stage.models.capabilities('org_a')).chat).toBeNull()
  })

  it('are pulled with their progress, and there at once', async () => {
    stage.server.registry = [gemma]
    const words = await Array.fromAsync(stage.models.library.pull('gemma3:4b', never()))
    expect(words[0]).toEqual({ status: 'pulling manifest', completedBytes: 0, totalBytes: null })
    expect(words.at(-1)).toEqual({ status: 'success', completedBytes: 4_000, totalBytes: 4_000 })
    expect(await names()).toContain('gemma3:4b')
  })

  it('are pulled on from where a pull was left', async () => {
    const controller = new AbortController()
    stage.server.registry = [{ ...gemma, step: async () => {} }]
    const pulling = async () => {
      for await (const { completedBytes } of stage.models.library.pull('gemma3:4b', controller.signal))
        if (completedBytes === 2_000) controller.abort(new Error('Enough.'))
    }
    let steps = 0
    stage.server.registry[0]!.step = () => (++steps > 3 ? new Promise(() => undefined) : Promise.resolve())
    await expect(pulling()).rejects.toThrow('Enough.')
    await expect.poll(() => stage.server.open).toBe(0)
    stage.server.registry = [gemma]
    const [, next] = await Array.fromAsync(stage.models.library.pull('gemma3:4b', never()))
    expect(next?.completedBytes).toBe(2_000)
  })

  it('are refused when the registry does not have them, or is none that may be asked', async () => {
    for (const name of ['nobody', 'hf.co/a/b:Q4'])
      await expect(Array.fromAsync(stage.models.library.pull(name, never()))).rejects.toBeInstanceOf(InvalidInput)
    const before = stage.sent('/api/pull').length
    for (const name of [
      '10.0.0.7:8080/a/b',
      'registry.example.com/a/b',
      'localhost:5000/b',
      '',
      '../x',
      'a b',
      'x'.repeat(300),
    ])
      await expect(Array.fromAsync(stage.models.library.pull(name, never()))).rejects.toBeInstanceOf(InvalidInput)
    expect(stage.sent('/api/pull')).toHaveLength(before)
  })

  it('are removed, once', async () => {
    await stage.models.library.remove(chatModel.name)
    expect(await names()).toEqual([embeddingModel.name])
    expect((await stage.models.capabilities('org_a')).chat).toBeNull()
    await expect(stage.models.library.remove(chatModel.name)).rejects.toBeInstanceOf(NotFound)
  })

  it('cannot be changed while no server answers', async () => {
    await stage.server.close()
    await expect.poll(names).toEqual([])
    await expect(stage.models.library.remove('mistral')).rejects.toBeInstanceOf(EngineUnavailable)
    await stage.reopen({ ollamaUrl: undefined })
    await expect(stage.models.library.backUp('mistral')).rejects.toBeInstanceOf(EngineUnavailable)
  })
})

describe('a backup', () => {
  it('gives a model back after a newer pull, and after a removal', async () => {
    const backup = await stage.models.library.backUp('mistral-small')
    expect(backup).toMatchObject({ model: chatModel.name, digest: chatModel.digest, sizeBytes: chatModel.size })
    expect(stage.models.library.backups()).toEqual([backup.copy])
    stage.server.registry = [{ ...chatModel, digest: '7'.repeat(64) }]
    await Array.fromAsync(stage.models.library.pull('mistral-small', never()))
    expect((await stage.models.list())[0]?.digest).toBe('7'.repeat(64))
    await stage.models.library.restore(backup)
    expect((await stage.models.list()).find(({ name }) => name === chatModel.name)?.digest).toBe(chatModel.digest)
    await stage.models.library.remove('mistral-small')
    await stage.models.library.restore(backup)
    expect((await stage.models.capabilities('org_a')).chat).toBe(chatModel.name)
  })

  it('is neither listed, nor ever chosen', async () => {
    await stage.models.library.backUp(embeddingModel.name)
    await stage.models.library.remove(embeddingModel.name)
    expect(await names()).toEqual([chatModel.name])
    await expect(stage.models.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
  })

  it('that is gone, or is something else by now, gives nothing back', async () => {
    const backup = await stage.models.library.backUp('mistral-small')
    await expect(stage.models.library.restore({ ...backup, digest: 'f'.repeat(64) })).rejects.toBeInstanceOf(NotFound)
    await stage.models.library.remove(backup.copy)
    await expect(stage.models.library.restore(backup)).rejects.toBeInstanceOf(NotFound)
  })

  it('has a dated name that fits a tag', () => {
    const now = new Date('2026-03-04T05:06:07.890Z')
    expect(toBackupName('mistral', now)).toBe('mistral:latest-backup-20260304-050607')
    expect(toBackupName('hf.co/a/b:Q4_K_M', now)).toBe('hf.co/a/b:Q4_K_M-backup-20260304-050607')
    const long = toBackupName(`a:${'t'.repeat(80)}`, now)
    expect(long.split(':')[1]?.length).toBeLessThanOrEqual(80)
    expect(isBackupName(long)).toBe(true)
    expect(isBackupName('mistral:latest')).toBe(false)
  })
})
