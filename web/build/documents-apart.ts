import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

const place = 'passerelle:document/'
const typed = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode<.*>;$/gm

/** The documents of the generated module, each as the script of a module of its own. Throws when something else than types is left of it. */
export function documentsIn(generated: string): Map<string, string> {
  const found = new Map<string, string>()
  const rest = generated.replaceAll(typed, (_line, name: string, document: string) => {
    found.set(name, `export const ${name} = ${document}`)
    return ''
  })
  const [other] = /^export (?!type\b).*$/m.exec(rest) ?? []
  if (other) throw new Error(`This is no document: ${other.slice(0, 100)}`)
  return found
}

/** Puts every document of the API beside the page that sends it: they are generated into one module, which the first page would load whole. */
export function documentsApart(): Plugin {
  let documents: ReadonlyMap<string, string> = new Map()
  return {
    name: 'passerelle:documents-apart',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(place) ? `\0${id}` : null),
    async load(id) {
      if (id.endsWith('/src/gql/graphql.ts')) {
        documents = documentsIn(await readFile(id, 'utf8'))
        const code = [...documents.keys()].map((name) => `export { ${name} } from '${place}${name}'`).join('\n')
        return { code, moduleSideEffects: false }
      }
      const code = id.startsWith(`\0${place}`) ? documents.get(id.slice(place.length + 1)) : undefined
      return code === undefined ? null : { code, moduleSideEffects: false }
    },
  }
}
