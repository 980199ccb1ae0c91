import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { explainListening } from './listening.ts'

const refusedAt = async (host: string, port = 0) => {
  const server = createServer().listen(port, host)
  const [error] = (await once(server, 'error')) as [Error]
  return explainListening(error, host)
}

test('says what to do where a process cannot listen', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  expect(await refusedAt('127.0.0.1', port)).toBe(
    `Port ${port} is taken by another program: stop that, or choose another with PORT.`,
  )
  taken.close()
  for (const host of ['192.0.2.1', 'nowhere.invalid'])
    expect(await refusedAt(host)).toBe(
      `PASSERELLE_HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0 for all, not “${host}”.`,
    )
  const lowPort = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 80 })
  expect(explainListening(lowPort, '127.0.0.1')).toBe(
    'This account may not listen on port 80: choose one from 1024 on with PORT.',
  )
})

test('leaves errors of anything else as they are', () => {
  const elsewhere = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'database' }
  expect(explainListening(Object.assign(new Error('no'), elsewhere), '127.0.0.1')).toBeUndefined()
  expect(explainListening(new Error('another'), undefined)).toBeUndefined()
})
