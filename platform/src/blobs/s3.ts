import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Log } from '../log/log.ts'
import { EngineUnavailable, NotFound } from '../schema/refusals.ts'
import { requireOrganizationId, toAddress } from './address.ts'
import type { Blobs } from './blobs.ts'
import { asEngine } from './failure.ts'
import { noByte, requireOrder, type ByteRange } from './range.ts'
import type { S3Place } from './s3-address.ts'
import { openMarks } from './s3-marks.ts'
import { openUploadSweep } from './s3-sweep.ts'
import { openSpool, writeMeasured } from './spool.ts'

export interface S3Options extends S3Place {
  /** Undefined: what Amazon's clients find by themselves, such as the environment or the machine's role. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
  /** Where bytes wait on this machine until they are whole, and where a file is lent from. */
  folder: string
  log: Log
}

/** Two pieces on their way at a time: what one upload takes of memory, and the least that S3 takes for a piece of many is 5 MiB. */
const PIECE_BYTES = 8 * 1024 * 1024
const PIECES_AT_ONCE = 2

/**
 * Blobs in a bucket. Bytes arrive in a file of this machine first: only then are their name and size known, and what is cut short never reaches
 * the bucket. Large ones go up in pieces; pieces that a killed process left are removed after a day.
 */
export async function openS3Blobs({ folder, log, credentials, ...place }: S3Options): Promise<Blobs> {
  const { bucket: Bucket, prefix } = place
  const client = createClient(place, credentials)
  const spool = await openSpool(folder)
  const sweep = openUploadSweep(client, { ...place, log })
  const keyOf = (organizationId: string, hash: string) => prefix + toAddress(organizationId, hash).path

  async function find(organizationId: string, hash: string, range?: ByteRange) {
    const Key = keyOf(organizationId, hash)
    if (range) requireOrder(range)
    const Range = range && `bytes=${range.start}-${range.end ?? ''}`
    const found = await asS3(() => client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) })))
    if (!found?.Body) return null
    return { stream: guard(found.Body as Readable), size: sizeOf(found) }
  }

  return {
    async put(organizationId, bytes, { maxBytes, foresee }) {
      requireOrganizationId(organizationId)
      return spool.with(async (path) => {
        const blob = await writeMeasured(path, bytes, maxBytes)
        await foresee?.(blob)
        const params = { Bucket, Key: keyOf(organizationId, blob.hash), Body: createReadStream(path) }
        await asS3(() => new Upload({ client, params, partSize: PIECE_BYTES, queueSize: PIECES_AT_ONCE }).done())
        return blob
      })
    },
    open: find,
    async withFile(organizationId, hash, work) {
      const blob = await find(organizationId, hash)
      if (!blob) throw new NotFound('There is no file with this content.')
      return spool.with(async (path) => {
        await asEngine(() => pipeline(blob.stream, createWriteStream(path, { flags: 'wx' })))
        return work(path)
      })
    },
    async remove(organizationId, hash) {
      const Key = keyOf(organizationId, hash)
      await asS3(() => client.send(new DeleteObjectCommand({ Bucket, Key })))
    },
    ...openMarks(client, { bucket: Bucket, prefix }),
    async health() {
      await asS3(() => client.send(new HeadBucketCommand({ Bucket })))
    },
    async close() {
      await sweep.close()
      client.destroy()
    },
  }
}

/** Looks for the bucket, and whether we may write, read and remove there; leaves nothing behind. EngineUnavailable with the reason when not. */
export async function probeS3({ credentials, ...place }: S3Place & Pick<S3Options, 'credentials'>): Promise<void> {
  const client = createClient(place, credentials)
  const object = { Bucket: place.bucket, Key: `${place.prefix}doctor/${randomUUID()}` }
  try {
    await asS3(() => client.send(new HeadBucketCommand({ Bucket: place.bucket })))
    await asS3(() => client.send(new PutObjectCommand({ ...object, Body: 'here' })))
    await asS3(() => client.send(new HeadObjectCommand(object)))
    await asS3(() => client.send(new DeleteObjectCommand(object)))
  } finally {
    client.destroy()
  }
}

function createClient({ endpoint, region, pathStyle }: S3Place, credentials: S3Options['credentials']): S3Client {
  return new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    // Check sums in a trailer are Amazon's own and unknown to other servers. What arrives is told by its hash.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A piece on a slow line takes long, and bytes move all the while; where none do the server is gone without a word.
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 8_000,
      requestTimeout: 120_000,
      throwOnRequestTimeout: true,
    },
  })
}

/** The whole blob's size, also when a part of it was asked for. */
function sizeOf({
  ContentRange,
  ContentLength,
}: {
  ContentRange?: string | undefined
  ContentLength?: number | undefined
}): number {
  const whole = ContentRange?.split('/')[1]
  return whole === undefined ? (ContentLength ?? 0) : Number(whole)
}

/** A stream whose break is the engine's, and whose end ends the connection behind it. */
function guard(body: Readable): Readable {
  const through = new PassThrough()
  body.on('error', (error) => through.destroy(new EngineUnavailable('blobs', error)))
  through.on('close', () => body.destroy())
  return body.pipe(through)
}

/** Null for a blob that is not there; InvalidInput for a range that is not. Whatever else goes wrong is the engine being away. */
async function asS3<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'NoSuchKey') return null
    throw name === 'InvalidRange' ? noByte() : new EngineUnavailable('blobs', error)
  }
}
