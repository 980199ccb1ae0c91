import { z } from 'zod'
import type { SqlConnection } from '@passerelle/platform/sql'
import { toConnection } from '@passerelle/platform/sql/connection'

/** A PostgreSQL of the operator's, in place of the one that comes with the installation. */
export interface SqlEnv {
  /** As the plain role, through a pooler or not. */
  app: SqlConnection
  /** Where NOTIFY is heard: the server itself. */
  listen: SqlConnection
  /** Owns the tables: for `passerelle migrate` alone. */
  owner: SqlConnection | undefined
}

const address = (name: string) =>
  z
    .string()
    .superRefine((text, context) => {
      try {
        toConnection(text)
      } catch (error) {
        context.addIssue({
          code: 'custom',
          message: `${name} ${error instanceof Error ? error.message : String(error)}.`,
        })
      }
    })
    .optional()

export const sqlSettings = {
  SQL_URL: address('SQL_URL'),
  SQL_PASSWORD: z.string().optional(),
  SQL_LISTEN_URL: address('SQL_LISTEN_URL'),
  SQL_OWNER_URL: address('SQL_OWNER_URL'),
  SQL_OWNER_PASSWORD: z.string().optional(),
}

/** The connections that the settings describe; undefined for the embedded PostgreSQL. */
export function toSqlEnv(raw: z.output<z.ZodObject<typeof sqlSettings>>): SqlEnv | undefined {
  if (!raw.SQL_URL) return undefined
  const password = raw.SQL_PASSWORD
  return {
    app: toConnection(raw.SQL_URL, { password }),
    listen: toConnection(raw.SQL_LISTEN_URL ?? raw.SQL_URL, { password }),
    owner: raw.SQL_OWNER_URL ? toConnection(raw.SQL_OWNER_URL, { password: raw.SQL_OWNER_PASSWORD }) : undefined,
  }
}
