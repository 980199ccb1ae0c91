import { compareServers } from './servers.ts'

/** Everything in one process, as `passerelle all` runs it. */
export function run(): Promise<void> {
  return compareServers(
    [
      { name: 'yoga', title: 'yoga monolith (limit)' },
      { name: 'passerelle', title: 'passerelle gateway' },
      { name: 'apollo', title: '@apollo/gateway' },
    ],
    'of the limit',
  )
}
