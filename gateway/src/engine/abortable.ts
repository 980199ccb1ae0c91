/** Resolves with the work, or rejects with the signal's reason as soon as it aborts, whatever the work still waits for. */
export async function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  // When the signal is first, nobody waits for the work any more: its failure must not end the process.
  work.catch(() => undefined)
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
