import { installHive } from './hive.ts'
import { compareServers, startServer, stopServer } from './servers.ts'

/** Gateways in front of three subgraphs that are reached over HTTP, the same plain yoga servers for all. */
export async function run(): Promise<void> {
  const hive = installHive()
  const subgraphs = await startServer({ name: 'subgraphs', title: 'three yoga servers' })
  const given = subgraphs.url
  try {
    await compareServers(
      [
        { name: 'passerelleRemote', title: 'passerelle gateway', given },
        { name: 'apolloRemote', title: '@apollo/gateway', given },
        { name: 'hiveRemote', title: 'Hive Gateway', given: JSON.stringify({ urls: given, hive }) },
      ],
      'of passerelle',
    )
  } finally {
    stopServer(subgraphs)
  }
}
