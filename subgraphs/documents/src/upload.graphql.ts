import { InvalidInput, NotAllowed, QuotaExceeded, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { DocumentRef } from './document.ref.ts'
import { createDocument } from './document.ts'
import { createUpload, type Upload } from './upload.ts'

const HttpHeaderRef = builder.objectRef<{ name: string; value: string }>('HttpHeader').implement({
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
})

const UploadRef = builder.objectRef<Upload>('Upload').implement({
  description:
    "Send the bytes with this method to this address (relative to the API's origin or absolute), with these headers. The answer is JSON " +
    '{ documentId }: the same id, or the id of the document that already holds these bytes; the provisional id then resolves to that one.',
  fields: (t) => ({
    url: t.exposeString('url'),
    method: t.exposeString('method'),
    headers: t.expose('headers', { type: [HttpHeaderRef] }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    document: t.expose('document', { type: DocumentRef }),
  }),
})

const CreateUploadInput = builder.inputType('CreateUploadInput', {
  fields: (t) => ({
    filename: t.string({ required: true }),
    size: t.float({ required: true, description: 'Bytes, at most 50 MB; exactly as many are taken.' }),
    contentType: t.string({ description: 'A hint; the type is recognised by content.' }),
  }),
})

builder.mutationField('createUpload', (t) =>
  t.field({
    description: 'Announces a file, and answers where its bytes go.',
    type: UploadRef,
    errors: { types: [InvalidInput, NotAllowed, QuotaExceeded] },
    args: { input: t.arg({ type: CreateUploadInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const viewer = requireScope(context, 'document:write')
      return createUpload(context.platform, await createDocument(context.platform, viewer, input), viewer.userId)
    },
  }),
)
