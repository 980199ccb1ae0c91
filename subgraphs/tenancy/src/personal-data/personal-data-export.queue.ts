import type { Queue } from '@passerelle/platform/jobs'

/** Puts what is known of somebody into an archive. */
export const exportQueue: Queue<{ requestId: string }> = {
  name: 'tenancy.export',
  retries: 100,
  // One large organisation keeps nobody else waiting.
  concurrency: 2,
  perOrganization: 1,
}
