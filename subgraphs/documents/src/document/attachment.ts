import { Readable } from 'node:stream'
import { newId } from '@passerelle/platform/ids'
import type { Platform } from '@passerelle/platform/subgraph'
import { requireRoom } from '@passerelle/platform/usage'
import { giveBytes, requireKept, storeBytes } from './document-bytes.ts'
import { forgetArrival } from '../uploads/arrival.store.ts'
import { insertDocument } from './document.store.ts'
import { holdDocument, maxBytes, toPlainName, toPlainTitle, toTitle, type Document } from './document.ts'
import { levels } from '../usage/levels.ts'
import type { Attachment } from '../reading/attachment.ts'
import { findByHash } from '../uploads/upload.store.ts'

/**
 * Takes in a file that came inside another one (the attachment of an e-mail) as a document of its own. One whose bytes a document has already
 * is left as it is, so that reading the e-mail again changes nothing.
 */
export async function adoptAttachment(platform: Platform, parent: Document, file: Attachment): Promise<void> {
  const { organizationId } = parent
  const filename = toPlainName(file.filename) || 'attachment'
  const { hash, size } = await storeBytes(platform, organizationId, { bytes: Readable.from([file.bytes]), maxBytes })
  const id = await platform.sql.withOrganization(parent, async (tx) => {
    if (await findByHash(tx, hash)) {
      await forgetArrival(tx, hash)
      return null
    }
    const id = newId('doc')
    await insertDocument(tx, {
      id,
      organizationId,
      title: toPlainTitle(file.title ?? '') || toTitle(filename),
      filename,
      size,
      contentType: file.contentType,
      createdBy: null,
      parentId: parent.id,
    })
    requireRoom(tx, levels, { documents: 1, storageBytes: size })
    return giveBytes(tx, platform, { document: await holdDocument(tx, id), hash })
  })
  // A failure brings the e-mail's job back, which stores the bytes again.
  if (id) await requireKept(platform, { organizationId, id, hash })
}
