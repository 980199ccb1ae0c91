import { apollo } from '@/api/client'
import { randomId } from '@/api/random-id'
import { isRefusal } from '@/api/refusal'
import { sendBytes } from '@/api/send-bytes'
import { CreateUploadDocument, DeleteDocumentDocument } from '@/gql/graphql'
import type { Roads } from './upload-journey'
import { createUploads } from './uploads'

async function ask(file: File): ReturnType<Roads['ask']> {
  const input = { filename: file.name, size: file.size, contentType: file.type || undefined }
  const { data } = await apollo.mutate({ mutation: CreateUploadDocument, variables: { input } })
  const answer = data?.createUpload
  if (!answer) throw new Error('no answer')
  if (isRefusal(answer)) return { refusal: answer }
  return { url: answer.url, method: answer.method, headers: answer.headers, documentId: answer.document.id }
}

async function discard(id: string): Promise<void> {
  await apollo.mutate({ mutation: DeleteDocumentDocument, variables: { id } })
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

const uploads = createUploads({ ask, send: sendBytes, pause, discard, newKey: randomId, atOnce: 3 })

/** The uploads of this tab; they go on while the person moves between pages. */
export const useUploads = () => uploads
