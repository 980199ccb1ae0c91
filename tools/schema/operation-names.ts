import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'

/** The names of the operations that the web application asks, in order: those that figures are kept of, one by one. */
export function operationNames(root: string): string[] {
  const names = globSync('web/src/**/*.graphql', { cwd: root }).flatMap((file) =>
    parse(readFileSync(join(root, file), 'utf8')).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.name ? definition.name.value : [],
    ),
  )
  return [...new Set(names)].sort()
}
