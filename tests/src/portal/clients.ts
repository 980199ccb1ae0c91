import { createApiClient, settled, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

/** Ids of one of everything that is a client's. */
export interface Own {
  client: string
  property: string
  booking: string
  serviceRequest: string
  shipment: string
  document: string
}

/** A client of an organisation, in both ways in which they come in. */
export interface PortalClient {
  /** In everything that is theirs. */
  word: string
  own: Own
  /** The link that was made for them, and what is behind its `#`. */
  link: { id: string; token: string }
  byLink: ApiClient
  byAccount: ApiClient
  account: { id: string; email: string; refreshToken: string }
}

/** An organisation and two clients of it. */
export interface House {
  staff: ApiClient
  organization: string
  clients: readonly [PortalClient, PortalClient]
}

/** What staff write for themselves, in what is a client's. */
export const staffWord = 'confidentiel'
export const password = 'un long mot de passe'

/** Two organisations with two clients each: of everything that one of them has, each other has another one. */
export async function openHouses({ url }: Passerelle): Promise<readonly [House, House]> {
  return [
    await openHouse(url, 'Maison du Sud', ['zanzibar', 'tombouctou']),
    await openHouse(url, 'Maison du Nord', ['kilimandjaro', 'vladivostok']),
  ]
}

async function openHouse(url: string, name: string, [first, second]: readonly [string, string]): Promise<House> {
  const staff = await signUp(url, name)
  const { viewer } = await staff.ask<{ viewer: { organization: { id: string } } }>('{ viewer { organization { id } } }')
  const clients = [await openClient(url, staff, first), await openClient(url, staff, second)] as const
  return { staff, organization: viewer.organization.id, clients }
}

async function openClient(url: string, staff: ApiClient, word: string): Promise<PortalClient> {
  const own = await writeDown(staff, word)
  const link = await makeLink(staff, own.client)
  const account = await openAccount(url, staff, { clientId: own.client, email: `client@${word}.fr` })
  const byLink = createApiClient(url, await openLink(url, link.token))
  return { word, own, link, byLink, byAccount: account.api, account }
}

/** One of everything, all of it carrying the word, and a word of the house in what the client must not see. */
async function writeDown(staff: ApiClient, word: string): Promise<Own> {
  const text = `Contrat de ${word}\nVoyageur : Mme ${word}, ${staffWord}.\n`
  const document = await staff.upload(`${word}.txt`, new TextEncoder().encode(text))
  await settled(staff)
  const { client } = await staff.ask<{ client: { id: string } }>(
    `mutation ($input: CreateClientInput!) { client: createClient(input: $input) { ... on Client { id } } }`,
    { input: { name: `${word} Martin`, email: `courrier@${word}.fr`, phone: '02 40 12 34 56' } },
  )
  const clientId = client.id
  const { property, shipment } = await staff.ask<{ property: { id: string }; shipment: { id: string } }>(
    `mutation ($property: CreatePropertyInput!, $shipment: CreateShipmentInput!) {
      property: createProperty(input: $property) { ... on Property { id } }
      shipment: createShipment(input: $shipment) { ... on Shipment { id } } }`,
    {
      property: { name: `Villa ${word}`, address: `1 rue ${word}`, ownerId: clientId },
      shipment: { trackingNumber: `COLIS ${word}`, reference: word, clientId },
    },
  )
  const { booking, serviceRequest } = await staff.ask<{ booking: { id: string }; serviceRequest: { id: string } }>(
    `mutation ($booking: CreateBookingInput!, $request: CreateServiceRequestInput!, $event: RecordShipmentEventInput!, $document: ID!, $client: ID!) {
      booking: createBooking(input: $booking) { ... on Booking { id } }
      serviceRequest: createServiceRequest(input: $request) { ... on ServiceRequest { id } }
      recordShipmentEvent(input: $event) { __typename }
      shareDocument(documentId: $document, clientId: $client) { __typename } }`,
    {
      booking: {
        propertyId: property.id,
        clientId,
        arrival: '2026-12-01',
        departure: '2026-12-08',
        reference: `RESA ${word}`,
        note: staffWord,
      },
      request: { kind: 'CLEANING', title: `Ménage ${word}`, description: word, clientId, propertyId: property.id },
      event: { shipmentId: shipment.id, status: 'IN_TRANSIT', note: staffWord },
      document,
      client: clientId,
    },
  )
  await staff.ask(
    `mutation ($said: AddServiceRequestMessageInput!, $noted: AddServiceRequestMessageInput!) {
      said: addServiceRequestMessage(input: $said) { __typename } noted: addServiceRequestMessage(input: $noted) { __typename } }`,
    {
      said: { serviceRequestId: serviceRequest.id, text: `Bonjour ${word}` },
      noted: { serviceRequestId: serviceRequest.id, text: staffWord, internal: true },
    },
  )
  return {
    client: clientId,
    property: property.id,
    booking: booking.id,
    serviceRequest: serviceRequest.id,
    shipment: shipment.id,
    document,
  }
}

/** Makes a link of a client. */
export async function makeLink(staff: ApiClient, clientId: string): Promise<PortalClient['link']> {
  const { made } = await staff.ask<{ made: { url: string; link: { id: string } } }>(
    `mutation ($clientId: ID!) { made: createClientLink(input: { clientId: $clientId }) { ... on MadeClientLink { url link { id } } } }`,
    { clientId },
  )
  return { id: made.link.id, token: made.url.split('#')[1] ?? '' }
}

/** The access token that a link opens; the refusal's name for one that does not hold. */
export async function openLink(url: string, token: string): Promise<string> {
  const { opened } = await createApiClient(url, null).ask<{ opened: { accessToken?: string; __typename: string } }>(
    `mutation ($token: String!) { opened: openClientLink(token: $token) { __typename ... on ClientSession { accessToken } } }`,
    { token },
  )
  return opened.accessToken ?? opened.__typename
}

/** Invites a client and accepts what they were written. */
export async function openAccount(
  url: string,
  staff: ApiClient,
  input: { clientId: string; email: string },
): Promise<PortalClient['account'] & { api: ApiClient }> {
  await staff.ask(`mutation ($input: InviteClientInput!) { inviteClient(input: $input) { __typename } }`, { input })
  const { viewer } = await staff.ask<{
    viewer: { organization: { mails: { nodes: { to: string; text: string | null }[] } } }
  }>('{ viewer { organization { mails { nodes { to text } } } } }')
  const letter = viewer.organization.mails.nodes.find(({ to }) => to === input.email)?.text ?? ''
  const { session } = await createApiClient(url, null).ask<{
    session: { accessToken: string; refreshToken: string; viewer: { user: { id: string } } }
  }>(
    `mutation ($token: String!, $password: String!) { session: acceptInvitation(token: $token, password: $password, name: "Zoé") {
      ... on Session { accessToken refreshToken viewer { user { id } } } } }`,
    { token: /\/invitation\?token=([\w-]+)/.exec(letter)?.[1] ?? '', password },
  )
  const { accessToken, refreshToken, viewer: who } = session
  return { id: who.user.id, email: input.email, refreshToken, api: createApiClient(url, accessToken) }
}
