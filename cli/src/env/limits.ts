import { toNetwork } from '@passerelle/platform/identity/networks'
import { z } from 'zod'

const points = (name: string, otherwise: number) =>
  z
    .string()
    .default(String(otherwise))
    .refine((text) => /^\d{1,12}$/.test(text), {
      error: ({ input }) => `${name} must be a number of points a minute, 0 for as many as one likes, not “${input}”.`,
    })
    .transform((text) => (Number(text) === 0 ? null : Number(text)))

const connections = (name: string, otherwise: number) =>
  z
    .string()
    .default(String(otherwise))
    .refine((text) => /^\d{1,6}$/.test(text) && Number(text) >= 1, {
      error: ({ input }) => `${name} must be a number of connections from 1, not “${input}”.`,
    })
    .transform(Number)

/** Those of another machine are believed only when they are named: anybody can write the header. */
const proxies = z
  .string()
  .refine((text) => text.split(',').every((entry) => toNetwork(entry) !== null), {
    error: ({ input }) =>
      `PASSERELLE_PROXIES must be addresses or networks with commas, such as 10.1.0.2, 10.2.0.0/16, not “${input}”.`,
  })
  .transform((text) => text.split(',').flatMap((entry) => toNetwork(entry) ?? []))
  .optional()

/** What callers may ask of the gateway, and how much. */
export const limitSettings = {
  PASSERELLE_EXPLORER: z
    .string()
    .refine((text) => /^(on|off)$/.test(text) || text.split(',').every((id) => /^org_\w+$/.test(id.trim())), {
      error: ({ input }) => `PASSERELLE_EXPLORER must be on, off, or ids of organisations with commas, not “${input}”.`,
    })
    .optional(),
  PASSERELLE_INTROSPECTION: z
    .enum(['on', 'members', 'off'], {
      error: ({ input }) => `PASSERELLE_INTROSPECTION must be on, members or off, not “${input}”.`,
    })
    .default('members'),
  PASSERELLE_PROXIES: proxies,
  PASSERELLE_RATE_ORGANIZATION: points('PASSERELLE_RATE_ORGANIZATION', 3_000_000),
  PASSERELLE_RATE_KEY: points('PASSERELLE_RATE_KEY', 1_000_000),
  PASSERELLE_RATE_CLIENT: points('PASSERELLE_RATE_CLIENT', 100_000),
  PASSERELLE_RATE_ADDRESS: points('PASSERELLE_RATE_ADDRESS', 3_000_000),
  PASSERELLE_RATE_ANONYMOUS: points('PASSERELLE_RATE_ANONYMOUS', 60_000),
  PASSERELLE_SOCKETS_CALLER: connections('PASSERELLE_SOCKETS_CALLER', 2_500),
  PASSERELLE_SOCKETS_ADDRESS: connections('PASSERELLE_SOCKETS_ADDRESS', 5_000),
}

type Raw = z.output<ReturnType<typeof z.object<typeof limitSettings>>>

/**
 * The limits as the gateway takes them. An installation that people reach under an address of its own answers the browser's sessions with the documents
 * of the application alone, unless it says otherwise; one that somebody tries on a machine answers what they ask.
 */
export function toLimitsEnv(raw: Raw & { PASSERELLE_URL?: string | undefined }) {
  return {
    policy: {
      explorer: toExplorer(raw.PASSERELLE_EXPLORER ?? (raw.PASSERELLE_URL ? 'off' : 'on')),
      introspection: raw.PASSERELLE_INTROSPECTION,
    },
    rates: {
      windowSeconds: 60,
      organization: raw.PASSERELLE_RATE_ORGANIZATION,
      key: raw.PASSERELLE_RATE_KEY,
      client: raw.PASSERELLE_RATE_CLIENT,
      address: raw.PASSERELLE_RATE_ADDRESS,
      anonymous: raw.PASSERELLE_RATE_ANONYMOUS,
    },
    connections: { perViewer: raw.PASSERELLE_SOCKETS_CALLER, perAddress: raw.PASSERELLE_SOCKETS_ADDRESS },
    /** Networks of proxies that are believed when they say who asks; undefined for this machine alone. */
    proxies: raw.PASSERELLE_PROXIES,
  }
}

function toExplorer(text: string): 'on' | 'off' | { only: ReadonlySet<string> } {
  if (text === 'on' || text === 'off') return text
  return { only: new Set(text.split(',').map((id) => id.trim())) }
}
