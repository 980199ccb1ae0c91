import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { EngineUnavailable } from '../schema/refusals.ts'
import { MARKS, requireMark, toMarkFolder } from './address.ts'
import type { Blobs } from './blobs.ts'

/** Marks are objects without bytes: their names are all there is, so that a listing reads them. */
export function openMarks(
  client: S3Client,
  { bucket: Bucket, prefix }: { bucket: string; prefix: string },
): Pick<Blobs, 'mark' | 'marks' | 'marked'> {
  async function list(Prefix: string, Delimiter?: string): Promise<string[]> {
    const names: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await asEngine(() =>
        client.send(
          new ListObjectsV2Command({
            Bucket,
            Prefix,
            ...(Delimiter && { Delimiter }),
            ...(ContinuationToken && { ContinuationToken }),
          }),
        ),
      )
      const found = Delimiter
        ? (page.CommonPrefixes ?? []).map((common) => common.Prefix?.slice(0, -Delimiter.length))
        : (page.Contents ?? []).map(({ Key }) => Key)
      for (const key of found) if (key) names.push(key.slice(Prefix.length))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
    return names.toSorted()
  }
  return {
    async mark(organizationId, name) {
      requireMark(name)
      const Key = `${prefix}${toMarkFolder(organizationId)}/${name}`
      await asEngine(() => client.send(new PutObjectCommand({ Bucket, Key, Body: '', ContentLength: 0 })))
    },
    marks: (organizationId) => list(`${prefix}${toMarkFolder(organizationId)}/`),
    marked: () => list(`${prefix}${MARKS}/`, '/'),
  }
}

async function asEngine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new EngineUnavailable('blobs', error)
  }
}
