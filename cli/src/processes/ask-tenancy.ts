import type { Executor } from '@passerelle/gateway'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { getOperationAST, parse, print } from 'graphql'
import type { z } from 'zod'

const patienceMs = 10_000

/** What the gateway asks of tenancy for itself, where no viewer asks. */
export type AskTenancy<Data> = (variables: Record<string, unknown>, caller?: string) => Promise<Data>

/**
 * Asks tenancy, in this process or in another: the gateway has no tables. The fields asked are no part of the API, and tenancy answers them only where no viewer
 * asks. Anything but the answer expected is EngineUnavailable.
 */
export function createAskTenancy<Data>(
  tenancy: Executor,
  { text, answer }: { text: string; answer: z.ZodType<Data> },
): AskTenancy<Data> {
  const document = parse(text)
  const kind = getOperationAST(document)?.operation
  if (!kind) throw new Error('Tenancy is asked one operation.')
  const operation = { subgraph: 'tenancy', kind, document, query: print(document), operationName: undefined }

  async function ask(variables: Record<string, unknown>, caller: string | undefined): Promise<unknown> {
    try {
      const answered = await tenancy({
        ...operation,
        variables,
        viewer: null,
        requestId: newId('req'),
        caller,
        signal: AbortSignal.timeout(patienceMs),
      })
      // A null that stands beside an error is no answer.
      return Symbol.asyncIterator in answered || answered.errors ? null : answered.data
    } catch (error) {
      throw new EngineUnavailable('tenancy', error)
    }
  }

  return async (variables, caller) => {
    const parsed = answer.safeParse(await ask(variables, caller))
    if (!parsed.success) throw new EngineUnavailable('tenancy')
    return parsed.data
  }
}
