import { vi } from 'vitest'

const { waitUntil } = vi

/** As long as `expect.poll` waits: what is waited for comes as soon as it can, and a loaded machine takes its time. */
vi.waitUntil = (callback, options) =>
  waitUntil(callback, typeof options === 'number' ? options : { timeout: 30_000, ...options })
