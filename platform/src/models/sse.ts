import { ModelFailure } from './provider.ts'

/** Of one line: a server that never ends its line must not fill the memory. */
const LONGEST_LINE = 4 * 2 ** 20

/** The `data:` of each event of a `text/event-stream` body, in order; comments and other fields are left out. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = []
  for await (const line of readLines(body)) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    if (line !== '' || data.length === 0) continue
    yield data.join('\n')
    data = []
  }
  // A server that ends without the last empty line has said it all the same.
  if (data.length > 0) yield data.join('\n')
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n/)
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new ModelFailure('broken', 'A line of the answer does not end.')
    yield* lines
  }
  yield rest + decoder.decode()
}
