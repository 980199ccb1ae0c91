import { createTopic, type Topic } from './topic.ts'

/** The records that the test graph is about. Each knows its type, so that one resolver serves a subgraph and the monolith alike. */
export interface User {
  __typename: 'User'
  id: string
  name: string
  nick: string | null
  role: string
  linkKeys: string[]
  bossId: string | null
  companyId: string | null
}

export interface Company {
  __typename: 'Company'
  id: string
  name: string
  vat: string | null
}

export interface Parcel {
  __typename: 'Parcel'
  id: string
  label: string
  weight: number
  ownerId: string | null
  linkKeys: string[]
}

export interface Document {
  __typename: 'Document'
  id: string
  title: string
  kind: string
  key: string
  aboutId: string
  authorId: string | null
}

export interface Records {
  /** Feeds `userChanged`. */
  changes: Topic<User>
  users: Map<string, User>
  companies: Map<string, Company>
  parcels: Map<string, Parcel>
  documents: Map<string, Document>
}

const roles = ['OWNER', 'DRIVER', 'VIEWER']

/** A small town: everybody's boss, company, parcels and papers follow from their number, gaps and cycles included. */
export function createRecords(): Records {
  const records: Records = {
    changes: createTopic(),
    users: new Map(),
    companies: new Map(),
    parcels: new Map(),
    documents: new Map(),
  }
  for (let n = 1; n <= 3; n++) {
    records.companies.set(`c${n}`, {
      __typename: 'Company',
      id: `c${n}`,
      name: `Company ${n}`,
      vat: n === 2 ? null : `FR0${n}`,
    })
  }
  for (let n = 1; n <= 6; n++) {
    records.users.set(`u${n}`, {
      __typename: 'User',
      id: `u${n}`,
      name: `User ${n}`,
      nick: n % 2 === 0 ? null : `nick ${n}`,
      role: roles[n % 3] ?? 'VIEWER',
      linkKeys: [`USER:${n}`, `EVEN:${n % 2}`],
      bossId: n === 1 ? null : `u${Math.floor(n / 2)}`,
      companyId: n === 6 ? null : `c${(n % 3) + 1}`,
    })
  }
  for (let n = 1; n <= 8; n++) {
    records.parcels.set(`p${n}`, {
      __typename: 'Parcel',
      id: `p${n}`,
      label: `Parcel ${n}`,
      weight: n / 2,
      ownerId: n === 8 ? null : `u${(n % 6) + 1}`,
      linkKeys: [`PARCEL:${n}`],
    })
  }
  for (let n = 1; n <= 9; n++) {
    records.documents.set(`d${n}`, {
      __typename: 'Document',
      id: `d${n}`,
      title: `Document ${n}`,
      kind: n % 2 === 0 ? 'INVOICE' : 'CMR',
      key: n <= 6 ? `USER:${n}` : `PARCEL:${n - 6}`,
      aboutId: [`u${n % 6}`, `p${n}`, `c${n % 4}`][n % 3] ?? '',
      authorId: n % 4 === 0 ? null : `u${(n % 6) + 1}`,
    })
  }
  return records
}
