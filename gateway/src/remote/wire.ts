/** What a gateway and a subgraph's process say to each other beside GraphQL's own JSON. */
export const viewerHeader = 'x-passerelle-viewer'
export const requestIdHeader = 'x-request-id'
export const callerHeader = 'x-passerelle-caller'
export const eventStream = 'text/event-stream'

/** Events of a subscription's stream. One that ends without `complete` was cut off. */
export const nextEvent = 'next'
export const completeEvent = 'complete'

/** A silent stream says this often that it lives; one that is silent for three times as long is lost. Milliseconds. */
export const beatMs = 10_000

/** On the answer of a process that is about to end and has done nothing: the request may go to another, whatever it is. */
export const declinedHeader = 'x-passerelle-declined'
