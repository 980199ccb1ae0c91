import { globSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { preset } from '@graphql-codegen/client-preset'
import type { GeneratedFiles } from './files.ts'
import { nameOfDocument, shortNameOf, toSentDocument } from './web-documents.ts'

const documents = 'web/src/**/*.graphql'

/**
 * The typed documents of the web application, each with its name, and beside the schema what the gateway answers under that name; none when it has no documents. Throws
 * when a document asks what the API does not have.
 */
export async function webTypes(root: string, apiSdl: string): Promise<GeneratedFiles> {
  if (globSync(documents, { cwd: root }).length === 0) return new Map()
  const files = await generate(
    {
      cwd: root,
      schema: apiSdl,
      documents,
      silent: true,
      errorsOnly: true,
      generates: {
        'web/src/gql/': {
          preset,
          presetConfig: { fragmentMasking: false, persistedDocuments: { mode: 'embedHashInDocument' } },
          config: {
            useTypeImports: true,
            scalars: { ID: 'string', DateTime: 'string', Date: 'string', JSON: 'unknown' },
          },
        },
      },
    },
    false,
  )
  const generated = new Map(
    (files as { filename: string; content: string }[]).map(({ filename, content }) => [
      relative(root, filename),
      content,
    ]),
  )
  return withSentDocuments(generated)
}

const manifest = 'web/src/gql/persisted-documents.json'

/** The generator names documents by the text that somebody wrote; ours are named by the text that is sent, which the gateway keeps. */
function withSentDocuments(generated: Map<string, string>): GeneratedFiles {
  const written = JSON.parse(generated.get(manifest) ?? '{}') as Record<string, string>
  generated.delete(manifest)
  const sent: [string, string][] = []
  let typed = generated.get('web/src/gql/graphql.ts') ?? ''
  for (const [name, text] of Object.entries(written)) {
    const document = toSentDocument(text)
    sent.push([nameOfDocument(document), document])
    typed = typed.replaceAll(name, shortNameOf(document))
  }
  if (new Set(sent.map(([, text]) => shortNameOf(text))).size < sent.length)
    throw new Error('Two documents of the web application have the same short name: say one of them otherwise.')
  sent.sort(([left], [right]) => (left < right ? -1 : 1))
  return generated
    .set('web/src/gql/graphql.ts', typed)
    .set('graph-schema/web-documents.json', `${JSON.stringify(Object.fromEntries(sent), null, 2)}\n`)
}

function relative(root: string, filename: string): string {
  return filename.startsWith(join(root, '/')) ? filename.slice(root.length + 1) : filename
}
