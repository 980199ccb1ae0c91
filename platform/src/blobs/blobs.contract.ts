import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeBlobs } from './blobs.cases.ts'
import { openFolderBlobs } from './folder.ts'

describeBlobs('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-blobs-'))
  return {
    open: () => openFolderBlobs({ folder }),
    count: async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    destroy: () => rm(folder, { recursive: true }),
  }
})
