import { builder } from '../builder.ts'
import type { Document } from './document.ts'

/** The type, before its fields: what other nouns of this room point to. */
export const DocumentRef = builder.objectRef<Document>('Document')
