import { randomUUID } from 'node:crypto'
import { access, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDemoClient, type DemoClient } from './client.ts'
import { clients, organizationName, person, properties, shipments } from './records.ts'

const documentsFolder = new URL('./documents/', import.meta.url)

interface DemoOptions {
  url: string
  dataFolder: string
  /** The operator's choice: shorter ones than people may choose for themselves are taken too. */
  password: string
  setPassword: (email: string, password: string) => Promise<void>
}

/** Says of a data folder that its demo has been made. It belongs to the installation's rows, and goes where they go. */
export function demoMarker(folder: string): string {
  return join(folder, 'demo.json')
}

/**
 * Makes the demo organisation through the public API, as any client would: people, records, documents. Done once per data folder; what a
 * killed start left half made is completed by the next one. Answers the lines that tell how to log in.
 */
export async function installDemo({ url, dataFolder, password, setPassword }: DemoOptions): Promise<string[]> {
  const marker = demoMarker(dataFolder)
  const done = await access(marker).then(
    () => true,
    () => false,
  )
  const client = openDemoClient(url)
  const isNew = !done && (await client.signUp({ ...person, password: randomUUID(), organizationName }))
  // What is printed is what works, also when the password has been set anew in the environment.
  await setPassword(person.email, password)
  if (!done) {
    if (!isNew) await client.logIn(person.email, password)
    await fill(client)
    await writeFile(marker, `${JSON.stringify({ madeAt: new Date().toISOString() })}\n`)
  }
  return [`demo log-in: ${person.email}`, `demo password: ${password}`]
}

async function fill(client: DemoClient): Promise<void> {
  for (const input of shipments) await client.create('createShipment', input)
  const known = new Set(await client.recordNames())
  for (const input of clients) if (!known.has(input.name)) await client.create('createClient', input)
  for (const input of properties) if (!known.has(input.name)) await client.create('createProperty', input)
  for (const filename of (await readdir(documentsFolder)).sort()) {
    await client.upload(filename, await readFile(new URL(filename, documentsFolder)))
  }
}
