import { GraphQLError } from 'graphql'
import { inputFaults } from './input.ts'

/** What a request over HTTP or a message over WebSocket asks, in the one form that the rest reads. */
export interface Asked {
  /** The document's text, if it comes with it. */
  query: string | undefined
  /** The name of a document that is known here: of the web application, or sent before. */
  documentId: string | undefined
  operationName: string | undefined
  variables: Record<string, unknown> | undefined
}

/** Reads what was sent. Throws the GraphQLError that says what is wrong with its form or its size. */
export function readAsked(sent: unknown): Asked {
  if (Array.isArray(sent)) throw badRequest('One request asks one operation; several are several requests.')
  if (!isRecord(sent)) throw badRequest('Send a JSON object with a query.')
  const [fault] = inputFaults([sent.variables, sent.extensions])
  if (fault) throw fault
  const extensions = recordOf(sent, 'extensions')
  const asked: Asked = {
    query: textOf(sent, 'query'),
    documentId: textOf(sent, 'documentId') ?? persistedHash(extensions?.persistedQuery),
    operationName: textOf(sent, 'operationName'),
    variables: recordOf(sent, 'variables'),
  }
  if (!asked.query && !asked.documentId) throw badRequest('Send a query, or the documentId of one that is known here.')
  return asked
}

/** Reads the same from the parameters of an address. */
export function readAskedOfUrl({ searchParams }: URL): Asked {
  const json = (name: string): unknown => {
    const text = searchParams.get(name)
    if (text === null || text === '') return undefined
    try {
      return JSON.parse(text)
    } catch {
      throw badRequest(`${name} is not JSON.`)
    }
  }
  for (const name of new Set(searchParams.keys()))
    if (searchParams.getAll(name).length > 1) throw badRequest(`${name} is there more than once.`)
  const plain = ['query', 'documentId', 'operationName'] as const
  const sent = Object.fromEntries(plain.map((name) => [name, searchParams.get(name) ?? undefined]))
  return readAsked({ ...sent, variables: json('variables'), extensions: json('extensions') })
}

/** The hash that automatic persisted queries name a document by. */
function persistedHash(persisted: unknown): string | undefined {
  if (persisted === undefined || persisted === null) return undefined
  if (!isRecord(persisted) || persisted.version !== 1 || typeof persisted.sha256Hash !== 'string')
    throw badRequest('persistedQuery has version 1 and a sha256Hash.')
  return persisted.sha256Hash
}

function textOf(sent: Record<string, unknown>, name: string): string | undefined {
  const value = sent[name] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw badRequest(`${name} is a text.`)
  return value === '' ? undefined : value
}

function recordOf(sent: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = sent[name] ?? undefined
  if (value !== undefined && !isRecord(value)) throw badRequest(`${name} is a JSON object.`)
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })
}
