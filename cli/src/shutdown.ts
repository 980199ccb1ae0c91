import type { Log } from '@passerelle/platform/log'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const CLOSE_TIMEOUT_MS = 20_000
/** A terminal and npm pass one Ctrl-C on up to three times; only a later one is a second wish. */
const SAME_PRESS_MS = 1_000

export type Closers = {
  /** Remembers how to close what has just been opened; closes it at once when the rest is closed already. `name` is for the log. */
  add(name: string, close: () => unknown): void
  /**
   * Closes everything, the last opened first; what fails or takes longer than 20 s is logged and left. Answers the same promise however
   * often it is called.
   */
  closeAll(): Promise<void>
}

/** A stack of things to close. */
export function createClosers(log: Log): Closers {
  const stack: { name: string; close: () => unknown }[] = []
  let closing: Promise<void> | undefined
  const closeEach = async () => {
    for (let item = stack.pop(); item; item = stack.pop()) {
      const { name, close } = item
      await withTimeout(async () => close()).catch((error: unknown) =>
        log.error({ err: error }, `${name} did not close`),
      )
    }
  }
  return {
    add(name, close) {
      stack.push({ name, close })
      if (closing) void closing.then(closeEach)
    },
    closeAll: () => (closing ??= closeEach()),
  }
}

async function withTimeout(work: () => Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`took longer than ${CLOSE_TIMEOUT_MS / 1000} s`)), CLOSE_TIMEOUT_MS)
  try {
    await Promise.race([work(), promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Calls `stop` once when this process is asked to end: by a signal, by the end of the process that started it, or by an error that
 * nobody caught (then the process ends with 1). A second Ctrl-C does not wait.
 */
export function onShutdown({ log, stop }: { log: Log; stop: () => Promise<void> }): void {
  let asked: number | undefined
  const end = (reason: string, code: number) => {
    if (asked !== undefined) return
    asked = Date.now()
    log.info({ reason }, 'stopping')
    void stop().finally(() => process.exit(code))
  }
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (asked !== undefined && Date.now() - asked > SAME_PRESS_MS) process.exit(130)
      end(signal, 0)
    })
  }
  process.once('disconnect', () => end('its starter has ended', 0))
  process.channel?.unref()
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure that nobody waited for'))
  process.on('uncaughtException', (error) => {
    if (isLostConnection(error)) return log.warn({ err: error }, 'a connection broke')
    log.fatal({ err: error }, 'an error that nobody caught')
    end('error', 1)
  })
}

/** Somebody left in mid-sentence: that ends a conversation, not the house. */
function isLostConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(code)
}
