const made = '__typename ... on Refusal { message } ... on InvalidInput { path }'

/** What the demo is made with. The gateway answers these also where it answers sessions nothing but the documents of the application. */
export const texts = {
  signUp: `mutation ($email: String!, $password: String!, $name: String!, $organizationName: String!) {
    signUp(email: $email, password: $password, name: $name, organizationName: $organizationName) {
      __typename ... on Session { accessToken } ... on Refusal { message } ... on InvalidInput { path }
    }
  }`,
  logIn: `mutation ($email: String!, $password: String!) {
    logIn(email: $email, password: $password) { __typename ... on Session { accessToken } }
  }`,
  createShipment: `mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { ${made} } }`,
  createClient: `mutation ($input: CreateClientInput!) { createClient(input: $input) { ${made} } }`,
  createProperty: `mutation ($input: CreatePropertyInput!) { createProperty(input: $input) { ${made} } }`,
  createBooking: `mutation ($input: CreateBookingInput!) { createBooking(input: $input) { ${made} } }`,
  createServiceRequest: `mutation ($input: CreateServiceRequestInput!) { createServiceRequest(input: $input) { ... on ServiceRequest { id } ${made} } }`,
  addServiceRequestMessage: `mutation ($input: AddServiceRequestMessageInput!) { addServiceRequestMessage(input: $input) { ${made} } }`,
  changeServiceRequestStatus: `mutation ($input: ChangeServiceRequestStatusInput!) { changeServiceRequestStatus(input: $input) { ${made} } }`,
  recordIds: `{ clients(first: 100) { __typename nodes { id name } } properties(first: 100) { __typename nodes { id name } } }`,
  createUpload: `mutation ($input: CreateUploadInput!) {
    createUpload(input: $input) { __typename ... on Upload { url method document { id } } ... on Refusal { message } }
  }`,
  shareDocument: `mutation ($documentId: ID!, $clientId: ID!) {
    shareDocument(documentId: $documentId, clientId: $clientId) { __typename }
  }`,
}

export const demoTexts: readonly string[] = Object.values(texts)
