import { createModelPolicy } from '@passerelle/ai'
import { publishModelCall } from '@passerelle/platform/models/facts'
import type { ModelsOptions } from '@passerelle/platform/models/router'
import { createModelMeter } from '@passerelle/platform/usage/models'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Env } from './env/env.ts'

/** The models of the installation, as the settings describe them and as organisations have decided. */
export function toModelsOptions({
  env,
  coordination,
  sql,
  log,
}: Pick<Platform, 'coordination' | 'sql' | 'log'> & { env: Env }): ModelsOptions {
  return {
    coordination,
    ollamaUrl: env.ollama?.url,
    chatModel: env.ollama?.chatModel,
    embeddingModel: env.ollama?.embeddingModel,
    ollamaOutside: env.ollama?.outside,
    openai: env.openai,
    speech: env.speech,
    order: env.modelOrder,
    policy: createModelPolicy(sql),
    meter: createModelMeter({ sql, coordination, capacityMiB: env.gpuMemoryMiB, log }),
    capacityMiB: env.gpuMemoryMiB,
    onCall: (call) => publishModelCall(sql, call),
    log,
  }
}
