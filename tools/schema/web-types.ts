import { globSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { preset } from '@graphql-codegen/client-preset'
import type { GeneratedFiles } from './files.ts'

const documents = 'web/src/**/*.graphql'

/** The typed documents of the web application; none when it has no documents. Throws when a document asks what the API does not have. */
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
          presetConfig: { fragmentMasking: false },
          config: { useTypeImports: true, scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown' } },
        },
      },
    },
    false,
  )
  return new Map(
    (files as { filename: string; content: string }[]).map(({ filename, content }) => [
      relative(root, filename),
      content,
    ]),
  )
}

function relative(root: string, filename: string): string {
  return filename.startsWith(join(root, '/')) ? filename.slice(root.length + 1) : filename
}
