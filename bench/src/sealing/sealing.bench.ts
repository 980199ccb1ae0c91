import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { createFieldKeys, readRow, sealRow, type SealedTable } from '@passerelle/platform/sealing'

/** Fields closed and opened by the port, beside the bare cipher of Node; and what a page of a hundred clients costs more than one in the clear. */
export async function run(): Promise<void> {
  const keys = createFieldKeys({
    organizationId: 'org_bench',
    writing: 'key_0000000000000000',
    seals: new Map([['key_0000000000000000', randomBytes(32)]]),
    index: randomBytes(32),
  })
  const place = { table: 'conciergerie.client', column: 'email', row: 'cli_01a1f9f732de70da9645b1097de35cad' }
  const text = 'zoe.canari@etoile.example'
  const own = () => keys.open(place, keys.seal(place, text))
  const plain = createPlain(text)
  // In turns, so that a busy moment of the machine is both's.
  const rounds = Array.from({ length: 6 }, () => [perSecond(own), perSecond(plain)] as const)
  const ours = Math.max(...rounds.map(([each]) => each))
  const peer = Math.max(...rounds.map(([, each]) => each))
  const index = perSecond(() => keys.blindIndex('EMAIL', text))
  console.log(
    `seal and open one field   ${ours.toFixed(0)} a second; Node's cipher alone ${peer.toFixed(0)} (${(peer / ours).toFixed(2)}×)`,
  )
  console.log(`blind index               ${index.toFixed(0)} a second`)
  const table: SealedTable = { name: 'conciergerie.client', row: 'id', columns: ['email', 'phone'] }
  const clear = Array.from({ length: 100 }, (_, number) => ({
    id: `cli_${number}`,
    email: text,
    phone: '06 12 34 56 78',
  }))
  const sealed = clear.map((row) => sealRow(keys, table, row))
  const page = perSecond(() => sealed.map((row) => readRow(keys, table, row)))
  console.log(`page of 100 clients       ${(1000 / page).toFixed(2)} ms more than in the clear`)
}

/** The same cipher with the same lengths, and nothing around it: no key id, no place, no text form. */
function createPlain(text: string): () => unknown {
  const key = createSecretKey(randomBytes(32))
  return () => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    decipher.setAuthTag(cipher.getAuthTag())
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  }
}

const secondsEach = 0.5

function perSecond(work: () => unknown): number {
  for (let warm = 0; warm < 50; warm++) work()
  const since = performance.now()
  let done = 0
  while (performance.now() - since < secondsEach * 1000) {
    work()
    done++
  }
  return done / ((performance.now() - since) / 1000)
}
