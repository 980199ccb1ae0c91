import { apollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { randomId } from '@/api/random-id'
import { isRefusal } from '@/api/refusal'
import { sendBytes } from '@/api/send-bytes'
import { claimsOf } from '@/api/session'
import { CreateUploadDocument, DeleteDocumentDocument } from '@/gql/graphql'
import type { Roads } from './upload-journey'
import { createUploads } from './uploads'

async function ask(file: File): ReturnType<Roads['ask']> {
  // Somebody else may be logged in by the time there is a token, even by another tab of which this one has not heard yet.
  const mine = owner
  await keeper.freshToken()
  if (bearer() !== mine) throw new Error('these files are of a session that is no more')
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

const bearer = () => claimsOf(keeper.current()?.accessToken)?.bearer
/** Whose files these are. */
let owner = bearer()

// The files of who has left are nobody's, and never those of who comes next. A session that merely ended may be renewed by its person, and they go on.
keeper.onChange((reason) => {
  const isOpen = keeper.current() !== undefined
  if (isOpen ? bearer() === owner : reason !== 'left') return
  uploads.forget()
  if (isOpen) owner = bearer()
})

/** The uploads of this tab; they go on while the person moves between pages. */
export const useUploads = () => uploads
