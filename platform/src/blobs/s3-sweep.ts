import { setInterval as every } from 'node:timers/promises'
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Log } from '../log/log.ts'

/** No upload of ours takes as long: what is older was left by a process that was killed at it. */
const STALE_MS = 24 * 3_600_000
const EVERY_MS = 6 * 3_600_000

/**
 * Removes the pieces of uploads that nobody finishes, now and every six hours: a bucket keeps them unseen, and they are paid for. A server
 * that cannot list them is left alone.
 */
export function openUploadSweep(
  client: S3Client,
  { bucket: Bucket, prefix: Prefix, log }: { bucket: string; prefix: string; log: Log },
): { close(): Promise<void> } {
  const stopping = new AbortController()
  const { signal: abortSignal } = stopping

  async function sweep(): Promise<void> {
    let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {}
    while (from) {
      const list: ListMultipartUploadsCommandOutput = await client.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix, ...from }),
        { abortSignal },
      )
      for (const { Key, UploadId, Initiated } of list.Uploads ?? [])
        if (Initiated && Date.now() - Initiated.getTime() > STALE_MS)
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal })
      from = list.IsTruncated ? { KeyMarker: list.NextKeyMarker, UploadIdMarker: list.NextUploadIdMarker } : undefined
    }
  }

  async function sweepOften(): Promise<void> {
    const tell = (error: unknown) => {
      if (!abortSignal.aborted) log.warn({ err: error }, 'unfinished uploads cannot be swept')
    }
    await sweep().catch(tell)
    for await (const _ of every(EVERY_MS, undefined, { signal: abortSignal, ref: false })) await sweep().catch(tell)
  }

  const running = sweepOften().catch((error: unknown) => {
    if (!abortSignal.aborted) throw error
  })
  return {
    async close() {
      stopping.abort()
      await running
    },
  }
}
