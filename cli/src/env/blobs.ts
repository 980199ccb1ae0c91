import { z } from 'zod'
import { toS3Place, type S3Place } from '@passerelle/platform/blobs/s3-address'

/** A bucket in place of the folder of files. */
export interface BlobsEnv extends S3Place {
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
}

export const blobsSettings = {
  BLOBS_URL: z
    .string()
    .superRefine((text, context) => {
      try {
        toS3Place(text)
      } catch (error) {
        context.addIssue({
          code: 'custom',
          message: `BLOBS_URL ${error instanceof Error ? error.message : String(error)}.`,
        })
      }
    })
    .optional(),
  BLOBS_ACCESS_KEY_ID: z.string().optional(),
  BLOBS_SECRET_ACCESS_KEY: z.string().optional(),
}

/** The bucket that the settings describe; undefined for the folder. Without a key, Amazon's clients look for one where they always do. */
export function toBlobsEnv(raw: z.output<z.ZodObject<typeof blobsSettings>>): BlobsEnv | undefined {
  const { BLOBS_URL, BLOBS_ACCESS_KEY_ID: accessKeyId, BLOBS_SECRET_ACCESS_KEY: secretAccessKey } = raw
  if (!BLOBS_URL) return undefined
  return {
    ...toS3Place(BLOBS_URL),
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  }
}
