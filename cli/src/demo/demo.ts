import { randomUUID } from 'node:crypto'
import { access, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDemoClient, type DemoClient } from './client.ts'
import { bookings, clients, organizationName, person, properties, requests, sharedWith, shipments } from './records.ts'

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

/** Stays around the day of the demo. Those that a killed start has made already are in their own way. */
async function book(client: DemoClient): Promise<void> {
  const ids = await client.recordIds()
  for (const { property, guest, arrivesIn, nights, ...input } of bookings)
    await client.create('createBooking', {
      ...input,
      propertyId: ids.get(property),
      clientId: guest && ids.get(guest),
      arrival: dayIn(arrivesIn),
      departure: dayIn(arrivesIn + nights),
    })
}

/** Under keys of their own, so that what a killed start has asked for and said is not asked for and said again. */
async function askFor(client: DemoClient, ids: ReadonlyMap<string, string>): Promise<void> {
  for (const [index, { client: by, property, status, plannedIn, messages, ...input }] of requests.entries()) {
    const requestKey = `demo-${index}`
    const clientId = by === null ? undefined : ids.get(by)
    const propertyId = property === null ? undefined : ids.get(property)
    const id = await client.create('createServiceRequest', { ...input, clientId, propertyId, requestKey })
    for (const [number, message] of messages.entries())
      await client.create('addServiceRequestMessage', { ...message, serviceRequestId: id, requestKey: String(number) })
    const scheduledFor = plannedIn === undefined ? undefined : `${dayIn(plannedIn)}T08:00:00.000Z`
    if (status) await client.create('changeServiceRequestStatus', { id, status, scheduledFor })
  }
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

async function fill(client: DemoClient): Promise<void> {
  const known = await client.recordIds()
  for (const input of clients) if (!known.has(input.name)) await client.create('createClient', input)
  const ids = await client.recordIds()
  for (const { client: receiver, ...input } of shipments)
    await client.create('createShipment', { ...input, clientId: ids.get(receiver) })
  for (const { owner, ...input } of properties)
    if (!known.has(input.name)) await client.create('createProperty', { ...input, ownerId: ids.get(owner) })
  await book(client)
  await askFor(client, await client.recordIds())
  for (const filename of (await readdir(documentsFolder)).sort()) {
    const documentId = await client.upload(filename, await readFile(new URL(filename, documentsFolder)))
    const reader = ids.get(sharedWith[filename] ?? '')
    if (reader) await client.share(documentId, reader)
  }
}
