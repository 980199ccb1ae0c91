import { InvalidInput, NotAllowed, QuotaExceeded, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { DocumentRef } from '../document/document.ref.ts'
import { createDocument } from '../document/document.ts'
import { createUpload, type Upload } from './upload.ts'

const HttpHeaderRef = builder.objectRef<{ name: string; value: string }>('HttpHeader').implement({
  tag: 'partner',
  description: 'A header to send.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `content-type`.' }),
    value: t.exposeString('value', { description: 'What to send under that name, as it is.' }),
  }),
})

const UploadRef = builder.objectRef<Upload>('Upload').implement({
  tag: 'partner',
  description:
    "Send the bytes with this method to this address (relative to the API's origin or absolute), with these headers. The answer is JSON " +
    '{ documentId }: the same id, or the id of the document that already holds these bytes; the provisional id then resolves to that one.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description: 'It carries its own right: no Authorization header is needed, and it takes the bytes once.',
    }),
    method: t.exposeString('method', { description: '`PUT`.' }),
    headers: t.expose('headers', { type: [HttpHeaderRef], description: 'All that has to be sent along.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'An hour from now; the sending has to begin before.',
    }),
    document: t.expose('document', { type: DocumentRef, description: 'The document to be, WAITING for its bytes.' }),
  }),
})

const CreateUploadInput = builder.inputType('CreateUploadInput', {
  description: 'The file that will be sent.',
  fields: (t) => ({
    filename: t.string({
      required: true,
      description: 'At most 255 characters; folders in front are left out. The title is made from it.',
    }),
    size: t.float({ required: true, description: 'Bytes, at most 50 MB; exactly as many are taken.' }),
    contentType: t.string({ description: 'A hint; the type is recognised by content.' }),
  }),
})

builder.mutationField('createUpload', (t) =>
  t.field({
    tag: 'partner',
    description: 'Announces a file (`document:write`), and answers where its bytes go.',
    type: UploadRef,
    errors: { types: [InvalidInput, NotAllowed, QuotaExceeded] },
    args: { input: t.arg({ type: CreateUploadInput, required: true, description: 'What will be sent.' }) },
    resolve: async (_root, { input }, context) => {
      const viewer = requireScope(context, 'document:write')
      return createUpload(context.platform, viewer, await createDocument(context.platform, viewer, input))
    },
  }),
)
