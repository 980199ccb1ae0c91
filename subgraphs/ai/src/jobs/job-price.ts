import { sql } from 'kysely'
import { audit } from '@passerelle/platform/audit'
import { z } from 'zod'
import { InvalidInput, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import type { Tables } from '../tables.ts'

/** What a million tokens of a model cost an organisation, in millionths of a euro. */
export interface ModelPrice {
  model: string
  inputMicros: number
  outputMicros: number
  updatedAt: Date
}

const dearest = 1e12
const micros = z.number().refine((value) => Number.isSafeInteger(value) && value >= 0 && value <= dearest, {
  error: 'A price is a whole number of millionths of a euro, from 0 to 1,000,000 €.',
})
const priceInput = z.object({
  model: z.string().trim().min(1, 'Which model?').max(200, 'A model has at most 200 characters.'),
  inputMicros: micros,
  outputMicros: micros,
})

/** At most so many prices: a house has a few models. */
const mostPrices = 200

/** All prices of the organisation, by model. */
export function listPrices(database: Sql, viewer: Viewer): Promise<ModelPrice[]> {
  return database.withOrganization(viewer, async (tx) => {
    const rows = await tx.withTables<Tables>().selectFrom('ai.model_price').selectAll().orderBy('model').execute()
    return rows.map((row) => ({
      model: row.model,
      inputMicros: row.input_micros,
      outputMicros: row.output_micros,
      updatedAt: row.updated_at,
    }))
  })
}

/** Sets what a model costs from now on; calls that are recorded keep what they cost. */
export async function setPrice(database: Sql, viewer: Viewer, input: z.input<typeof priceInput>): Promise<ModelPrice> {
  const { model, inputMicros, outputMicros } = parseInput(priceInput, input)
  const updatedAt = new Date()
  const columns = {
    input_micros: inputMicros,
    output_micros: outputMicros,
    updated_at: updatedAt,
    updated_by: viewer.userId,
  }
  await database.withOrganization(viewer, async (tx) => {
    const tables = tx.withTables<Tables>()
    await tables
      .insertInto('ai.model_price')
      .values({ organization_id: viewer.organizationId, model, ...columns })
      .onConflict((conflict) => conflict.columns(['organization_id', 'model']).doUpdateSet(columns))
      .execute()
    const { rows } = await sql<{ count: number }>`select count(*) as count from ai.model_price`.execute(tx)
    if ((rows[0]?.count ?? 0) > mostPrices) throw new InvalidInput('There are prices enough.', ['model'])
    audit(tx, {
      action: 'model_price.set',
      subject: { kind: 'Model', id: model },
      detail: { inputMicros, outputMicros },
    })
  })
  return { model, inputMicros, outputMicros, updatedAt }
}
