import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openFolderBlobs } from './folder.ts'

const writer = fileURLToPath(new URL('./folder.writer.testing.ts', import.meta.url))

describe('blobs in a folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-blobs-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const incoming = () => readdir(join(folder, '.incoming'))

  it('sweeps at open what a killed process left half written', async () => {
    const child = spawn(process.execPath, [writer, folder, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await incoming()).toHaveLength(1)
    await openFolderBlobs({ folder })
    expect(await incoming()).toEqual([])
    expect(await readdir(folder)).toEqual(['.incoming'])
  })

  it('sweeps what an earlier process of the same number left, and leaves what is being written now', async () => {
    const blobs = await openFolderBlobs({ folder })
    const earlier = join(folder, '.incoming', `${process.pid}-earlier`)
    await writeFile(earlier, 'left behind')
    await utimes(earlier, 1, 1)
    const bytes = new Readable({ read: () => undefined })
    bytes.push('first half, ')
    const put = blobs.put('org_a', bytes, { maxBytes: 100 })
    await expect.poll(incoming).toHaveLength(2)
    await openFolderBlobs({ folder })
    expect(await incoming()).toHaveLength(1)
    bytes.push('second half')
    bytes.push(null)
    expect((await put).size).toBe(23)
  })

  it('says that the engine is away when the system takes no more bytes, and keeps no piece', async () => {
    // The limit on a file's size stops a write half-way without filling anyone's disk.
    const shell = ['-c', 'ulimit -f 1000 && exec "$@"', 'sh', process.execPath, writer, folder, 'fill']
    const { stdout } = await promisify(execFile)('sh', shell)
    expect(JSON.parse(stdout)).toEqual({ engine: 'blobs', cause: 'EFBIG', left: [] })
  })

  it('says that the engine is away when the folder cannot be one, or has gone', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFolderBlobs({ folder: join(folder, 'file') })).rejects.toBeInstanceOf(EngineUnavailable)
    const blobs = await openFolderBlobs({ folder: join(folder, 'blobs') })
    await rm(join(folder, 'blobs'), { recursive: true })
    await expect(blobs.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(blobs.put('org_a', Readable.from(['x']), { maxBytes: 10 })).rejects.toBeInstanceOf(EngineUnavailable)
  })
})
