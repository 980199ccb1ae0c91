import { z } from 'zod'

/** The subgraphs, by the names that their processes are started with. */
const names = ['tenancy', 'documents', 'logistics', 'conciergerie', 'memory', 'ai'] as const

export type SubgraphName = (typeof names)[number]

const settingOf = (name: SubgraphName) => `SUBGRAPH_${name.toUpperCase()}_URL`

const addresses = (name: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .refine((urls) => urls.every((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? '')), {
      error: ({ input }) => `${name} must be one or several addresses such as http://10.0.0.7:4001, not “${input}”.`,
    })

/** Where the processes of each subgraph are, for those that run apart. */
export const subgraphSettings = Object.fromEntries(names.map((name) => [settingOf(name), addresses(settingOf(name))]))

/** The addresses of each subgraph; none for those that are not set. */
export function toSubgraphUrls(raw: Record<string, unknown>): Record<SubgraphName, string[]> {
  const entries = names.map((name) => [name, raw[settingOf(name)] as string[]])
  return Object.fromEntries(entries) as Record<SubgraphName, string[]>
}
