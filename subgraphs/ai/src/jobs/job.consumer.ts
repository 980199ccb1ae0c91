import { modelCalledType, toModelCall } from '@passerelle/platform/models/facts'
import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { saveJob } from './job.store.ts'

/** Records every model call of the house, whoever made it. */
export function createJobConsumer({ sql }: Platform): Consumer {
  return {
    name: 'ai.jobs',
    types: [modelCalledType],
    async handle(fact) {
      const call = toModelCall(fact)
      await sql.withOrganization(call, (tx) => saveJob(tx, call))
    },
  }
}
