import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { it } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { describeBlobs, type BlobStore } from './blobs.cases.ts'
import { toS3Place, type S3Place } from './s3-address.ts'
import { startTestS3, testCredentials } from './s3.testing.ts'
import { openS3Blobs, type S3Options } from './s3.ts'

const log = createLog({ name: 'test', level: 'silent' })

async function prepare(place: S3Place, credentials: S3Options['credentials']): Promise<BlobStore> {
  const { bucket: Bucket, prefix: Prefix, region, pathStyle, endpoint } = place
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-s3-'))
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  })
  const list = async () => (await client.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []
  return {
    open: () => openS3Blobs({ ...place, credentials, folder, log }),
    async count() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))
      return (await list()).length + Uploads.length + (await readdir(folder)).length
    },
    async destroy() {
      for (const { Key } of await list()) await client.send(new DeleteObjectCommand({ Bucket, Key }))
      client.destroy()
      await rm(folder, { recursive: true })
    },
  }
}

describeBlobs('a bucket of S3', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-s3-server-'))
  const server = await startTestS3({ folder, bucket: 'papers' })
  const store = await prepare(toS3Place(`s3://papers/house?endpoint=${server.endpoint}`), testCredentials)
  return {
    ...store,
    async destroy() {
      await store.destroy()
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
})

const own = process.env.BLOBS_TEST_URL

/** A bucket that stays: each test works in a folder of its own there, with the credentials that Amazon's clients find. */
if (own)
  describeBlobs('the bucket of BLOBS_TEST_URL', () => {
    const place = toS3Place(own)
    return prepare({ ...place, prefix: `${place.prefix}${newId('test')}/` }, undefined)
  })
else
  it('keeps the promise of the blobs port in a bucket of MinIO or Amazon', ({ skip }) =>
    skip('BLOBS_TEST_URL is not set'))
