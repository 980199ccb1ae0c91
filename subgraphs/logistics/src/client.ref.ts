import { builder } from './builder.ts'

/** Whom conciergerie keeps; what logistics adds to them stands in `client.graphql.ts`. */
export const ClientRef = builder.externalRef('Client', builder.selection<{ id: string }>('id'))
