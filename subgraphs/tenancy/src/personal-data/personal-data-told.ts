import { createMatcher, type ExportedFile, type SubjectRequest } from '@passerelle/platform/privacy'
import { loadInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { addressKey, readInvitationAddress, type Addresses } from './personal-data.addresses.ts'

/** What was told to programs outside, and by them, and what these are called: anybody may be named in it. */
export const told: readonly TextTable[] = [
  {
    name: 'tenancy.workflow_run',
    row: 'id',
    texts: ['failure'],
    json: ['input', 'result'],
    keys: { request_id: (id) => id },
  },
  { name: 'tenancy.workflow_step', row: 'id', texts: ['name', 'message'] },
  { name: 'tenancy.webhook_delivery', row: 'id', texts: ['body'] },
  { name: 'tenancy.webhook_attempt', row: 'id', texts: ['answer'] },
  ...['tenancy.api_key', 'tenancy.webhook', 'tenancy.workflow_endpoint'].map((name) => ({
    name,
    row: 'id',
    texts: ['name'],
  })),
]

/** What was told to programs outside, and by them, that names the person, and the invitations to their addresses. */
export async function* exportTold(
  { sql }: Platform,
  { organizationId, subject }: SubjectRequest,
  addresses: Addresses,
): AsyncGenerator<ExportedFile> {
  const matcher = createMatcher(subject)
  const keys = subject.emails.map((email) => addressKey(addresses, email))
  const files = await sql.withOrganization({ organizationId }, async (tx) => {
    const invited = await rowsOf<{ id: string; email: string }>(
      tx,
      'select id, email, roles, client_id, sent_at, expires_at from tenancy.invitation where email_key = any($1) order by id',
      [keys],
    )
    const named: [string, object[]][] = []
    for (const table of told) named.push([table.name.replace('.', '/'), await loadInTexts(tx, table, matcher)])
    return [['tenancy/invitation', invited.map((row) => readInvitationAddress(addresses, row))] as const, ...named]
  })
  for (const [path, rows] of files)
    if (rows.length > 0) yield { path: `${path}.json`, content: JSON.stringify(rows, null, 2) }
}
