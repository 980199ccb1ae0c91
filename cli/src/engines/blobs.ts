import { join } from 'node:path'
import type { Blobs } from '@passerelle/platform/blobs'
import { openFolderBlobs } from '@passerelle/platform/blobs/folder'
import { openS3Blobs } from '@passerelle/platform/blobs/s3'
import type { Log } from '@passerelle/platform/log'
import type { Env } from '../env/env.ts'

/** The files of this installation: a folder of its data, or the bucket that the settings name. */
export function openBlobs({ blobs, dataFolder }: Env, log: Log): Promise<Blobs> {
  return blobs
    ? openS3Blobs({ ...blobs, folder: join(dataFolder, 'blobs-on-their-way'), log })
    : openFolderBlobs({ folder: join(dataFolder, 'blobs') })
}
