import { apollo } from '@/api/client'
import { randomId } from '@/api/random-id'
import { isRefusal } from '@/api/refusal'
import { sendBytes } from '@/api/send-bytes'
import { CreateUploadDocument } from '@/gql/graphql'
import { createUploads, type UploadGrant } from './uploads'

async function ask(file: File): Promise<UploadGrant> {
  const input = { filename: file.name, size: file.size, contentType: file.type || undefined }
  const { data } = await apollo.mutate({ mutation: CreateUploadDocument, variables: { input } })
  const answer = data?.createUpload
  if (!answer) throw new Error('no answer')
  if (isRefusal(answer)) return { refusal: answer }
  return { url: answer.url, method: answer.method, headers: answer.headers, documentId: answer.document.id }
}

const uploads = createUploads({ ask, send: sendBytes, newKey: randomId, atOnce: 3 })

/** The uploads of this tab; they go on while the person moves between pages. */
export const useUploads = () => uploads
