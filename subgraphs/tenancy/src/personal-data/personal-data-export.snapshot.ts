import type { Sql, Tx } from '@passerelle/platform/sql'

/**
 * Hands out what `read` takes from one moment of an organisation's rows: the transaction stays open while it is taken, as slowly as that may be, and ends when all is
 * taken, when nobody wants more, or with the failure that ends it. A taker who keeps a statement waiting for longer than the server's patience loses it:
 * EngineUnavailable.
 */
export async function* fromSnapshot<T>(
  sql: Pick<Sql, 'withOrganization'>,
  organizationId: string,
  read: (tx: Tx) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const [begun, over] = [Promise.withResolvers<Tx>(), Promise.withResolvers<void>()]
  const transaction = sql.withOrganization(
    { organizationId },
    (tx) => {
      begun.resolve(tx)
      return over.promise
    },
    { snapshot: true },
  )
  transaction.catch(begun.reject)
  const tx = await begun.promise
  try {
    yield* read(tx)
  } catch (error) {
    // The port tells what of it is the engine's.
    over.reject(error)
  } finally {
    over.resolve()
    await transaction
  }
}
