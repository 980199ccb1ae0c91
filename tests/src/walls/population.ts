import { settled, type ApiClient } from '../client.ts'

/** Ids of an organisation that has something of every type. */
export interface Population {
  document: string
  collection: string
  chunk: string
  entity: string
  shipment: string
  client: string
  clientLink: string
  clientAccount: string
  property: string
  booking: string
  serviceRequest: string
  answer: string
  conversation: string
  handOver: string
  approval: string
  apiKey: string
  user: string
  member: string
  invitation: string
  session: string
  webhook: string
  delivery: string
  endpoint: string
  run: string
  notification: string
  privacyRequest: string
  organization: string
}

/** Fills an organisation with something of every type, all of it carrying `word`. */
export async function populate(client: ApiClient, word: string): Promise<Population> {
  const text = `Lettre de voiture CMR\nTransporteur : ${word} Transports SAS, SIREN 732 829 320, facturation@${word}.fr\nConteneur CSQU3054383, suivi 6A12345678901.\nLe chauffeur ${word} livre la marchandise le 3 mars 2026.\n`
  const document = await client.upload(`${word}.txt`, new TextEncoder().encode(text))
  const made = await client.ask<Record<string, { id: string }>>(
    `mutation ($client: CreateClientInput!, $shipment: CreateShipmentInput!, $property: CreatePropertyInput!) {
      shipment: createShipment(input: $shipment) { ... on Shipment { id } }
      client: createClient(input: $client) { ... on Client { id } }
      property: createProperty(input: $property) { ... on Property { id } } }`,
    {
      shipment: { trackingNumber: '6A12345678901', reference: word },
      client: { name: `${word} Transports`, siren: '732829320', email: `facturation@${word}.fr` },
      property: { name: `Villa ${word}`, address: `1 rue ${word}, Nantes` },
    },
  )
  const booking = await book(client, word, made)
  const serviceRequest = await request(client, word, made)
  await settled(client)
  const { collection } = await client.ask<{ collection: { id: string } }>(
    `mutation ($name: String!) { collection: createCollection(name: $name) { ... on Collection { id } } }`,
    { name: `Dossier ${word}` },
  )
  await client.ask(
    `mutation ($id: ID!, $documents: [ID!]!) { addToCollection(collectionId: $id, documentIds: $documents) { __typename } }`,
    { id: collection.id, documents: [document] },
  )
  const { ask } = await client.ask<{ ask: { id: string; conversationId: string } }>(
    `mutation ($question: String!) { ask(input: { question: $question }) { ... on Answer { id conversationId } } }`,
    { question: `Que livre le chauffeur ${word} ?` },
  )
  const { handOver } = await client.ask<{ handOver: { id: string } }>(
    `mutation ($id: ID!, $note: String) { handOver(answerId: $id, note: $note) { ... on HandOver { id } } }`,
    { id: ask.id, note: word },
  )
  const { proposeAction } = await client.ask<{ proposeAction: { id: string } }>(
    `mutation ($payload: JSON!, $note: String) { proposeAction(kind: "DOCUMENT_DELETION", payload: $payload, note: $note) { ... on Approval { id } } }`,
    { payload: { documentId: document }, note: word },
  )
  const { createApiKey } = await client.ask<{ createApiKey: { apiKey: { id: string } } }>(
    `mutation ($name: String!) { createApiKey(input: { name: $name, kind: INTERNAL, scopes: ["document:read"] }) { ... on NewApiKey { apiKey { id } } } }`,
    { name: `Programme ${word}` },
  )
  const { invited } = await client.ask<{ invited: { id: string } }>(
    `mutation ($email: String!) { invited: inviteMember(email: $email, roles: [VIEWER]) { ... on Invitation { id } } }`,
    { email: `invitation@${word}.fr` },
  )
  const access = await letIn(client, word, made)
  const outward = await tellOthers(client, word)
  const shipment = made.shipment?.id ?? ''
  await client.ask(
    `mutation ($shipment: UpdateShipmentInput!, $document: ID!, $client: ID!) {
      updateShipment(input: $shipment) { __typename } shareDocument(documentId: $document, clientId: $client) { __typename } }`,
    { shipment: { id: shipment, clientId: made.client?.id }, document, client: made.client?.id },
  )
  const entity = await entityOf(client, shipment)
  const found = await client.ask<{
    document: { chunks: { nodes: { id: string }[] } }
    viewer: {
      user: { id: string }
      sessions: { id: string }[]
      organization: { id: string; members: { nodes: { id: string }[] } }
    }
  }>(
    `query ($id: ID!) { document(id: $id) { chunks { nodes { id } } } viewer { user { id } sessions { id } organization { id members { nodes { id } } } } }`,
    { id: document },
  )
  return {
    document,
    collection: collection.id,
    chunk: found.document.chunks.nodes[0]?.id ?? '',
    entity,
    shipment,
    client: made.client?.id ?? '',
    ...access,
    property: made.property?.id ?? '',
    booking,
    serviceRequest,
    answer: ask.id,
    conversation: ask.conversationId,
    handOver: handOver.id,
    approval: proposeAction.id,
    apiKey: createApiKey.apiKey.id,
    user: found.viewer.user.id,
    member: found.viewer.organization.members.nodes[0]?.id ?? '',
    invitation: invited.id,
    session: found.viewer.sessions[0]?.id ?? '',
    ...outward,
    notification: await noticeOf(client),
    privacyRequest: await askToErase(client, word),
    organization: found.viewer.organization.id,
  }
}

/** A link of the client, and the invitation to an account. */
async function letIn(
  client: ApiClient,
  word: string,
  made: Readonly<Record<string, { id: string }>>,
): Promise<Pick<Population, 'clientLink' | 'clientAccount'>> {
  const { link, account } = await client.ask<{ link: { link: { id: string } }; account: { id: string } }>(
    `mutation ($client: ID!, $label: String!, $email: String!) {
      link: createClientLink(input: { clientId: $client, label: $label }) { ... on MadeClientLink { link { id } } }
      account: inviteClient(input: { clientId: $client, email: $email }) { ... on ClientAccount { id } } }`,
    { client: made.client?.id, label: `Lien ${word}`, email: `client@${word}.fr` },
  )
  return { clientLink: link.link.id, clientAccount: account.id }
}

/** A stay of the client in the property. */
async function book(client: ApiClient, word: string, made: Record<string, { id: string }>): Promise<string> {
  const input = { propertyId: made.property?.id, clientId: made.client?.id, reference: word, note: word }
  const { createBooking } = await client.ask<{ createBooking: { id: string } }>(
    `mutation ($input: CreateBookingInput!) { createBooking(input: $input) { ... on Booking { id } } }`,
    { input: { ...input, arrival: '2026-12-01', departure: '2026-12-08' } },
  )
  return createBooking.id
}

/** Something that is asked for, and what is said of it. */
async function request(
  client: ApiClient,
  word: string,
  made: Readonly<Record<string, { id: string }>>,
): Promise<string> {
  const { createServiceRequest } = await client.ask<{ createServiceRequest: { id: string } }>(
    `mutation ($input: CreateServiceRequestInput!) { createServiceRequest(input: $input) { ... on ServiceRequest { id } } }`,
    {
      input: {
        kind: 'CLEANING',
        title: `Ménage ${word}`,
        description: word,
        clientId: made.client?.id,
        propertyId: made.property?.id,
      },
    },
  )
  const { id } = createServiceRequest
  // A note of the house: of what is said to a client the house writes them a letter by itself, minutes later.
  await client.ask(
    `mutation ($input: AddServiceRequestMessageInput!) { addServiceRequestMessage(input: $input) { __typename } }`,
    { input: { serviceRequestId: id, text: `Bonjour ${word}`, internal: true } },
  )
  return id
}

/** A request that waits for a second person. */
async function askToErase(client: ApiClient, word: string): Promise<string> {
  const { erasePersonalData } = await client.ask<{ erasePersonalData: { id: string } }>(
    `mutation ($subject: DataSubjectInput!) { erasePersonalData(subject: $subject, choice: REDACT_MENTIONS) { ... on PrivacyRequest { id } } }`,
    { subject: { emails: [`personne@${word}.fr`] } },
  )
  return erasePersonalData.id
}

/** A webhook with a message, and a workflow with a run; nothing of them moves any more, and neither leads anywhere. */
async function tellOthers(
  client: ApiClient,
  word: string,
): Promise<Pick<Population, 'webhook' | 'delivery' | 'endpoint' | 'run'>> {
  const url = `https://${word}.invalid/hook`
  const { createWebhook, createWorkflowEndpoint } = await client.ask<{
    createWebhook: { webhook: { id: string } }
    createWorkflowEndpoint: { endpoint: { id: string } }
  }>(
    `mutation ($name: String!, $url: String!) {
      createWebhook(input: { name: $name, url: $url, types: ["property.*"] }) { ... on WebhookSecret { webhook { id } } }
      createWorkflowEndpoint(input: { name: $name, url: $url }) { ... on WorkflowEndpointSecret { endpoint { id } } } }`,
    { name: `Vers ${word}`, url },
  )
  const { id: webhook } = createWebhook.webhook
  const { id: endpoint } = createWorkflowEndpoint.endpoint
  const { pingWebhook, startWorkflowRun } = await client.ask<{
    pingWebhook: { id: string }
    startWorkflowRun: { id: string }
  }>(
    `mutation ($webhook: ID!, $endpoint: ID!, $word: String!, $input: JSON) {
      pauseWebhook(id: $webhook) { __typename }
      pingWebhook(id: $webhook) { ... on WebhookDelivery { id } }
      startWorkflowRun(input: { endpointId: $endpoint, requestId: $word, input: $input }) { ... on WorkflowRun { id } } }`,
    { webhook, endpoint, word, input: word },
  )
  await client.ask(`mutation ($id: ID!) { cancelWorkflowRun(id: $id) { __typename } }`, { id: startWorkflowRun.id })
  return { webhook, delivery: pingWebhook.id, endpoint, run: startWorkflowRun.id }
}

/** Who sent a document is told a moment after it is read. */
async function noticeOf(client: ApiClient): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const { notifications } = await client.ask<{ notifications: { nodes: { id: string }[] } }>(
      `{ notifications { nodes { id } } }`,
    )
    if (notifications.nodes[0]) return notifications.nodes[0].id
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Nobody was told of the document.')
}

/** The entity of a shipment; the graph takes records over a moment after they are written. */
async function entityOf(client: ApiClient, shipment: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const { shipment: found } = await client.ask<{ shipment: { entity: { id: string } | null } }>(
      `query ($id: ID!) { shipment(id: $id) { entity { id } } }`,
      { id: shipment },
    )
    if (found.entity) return found.entity.id
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The shipment never came into the graph.')
}
