import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../log/log.ts'
import { describeGraph } from './graph.cases.ts'
import { openGrafeo } from './grafeo.ts'

describeGraph('Grafeo', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-graph-'))
  return {
    open: () => openGrafeo({ path: join(folder, 'graph.grafeo'), log: createLog({ name: 'graph', level: 'silent' }) }),
    destroy: () => rm(folder, { recursive: true }),
  }
})
