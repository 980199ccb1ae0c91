import type { Queue } from '@passerelle/platform/jobs'

/** Puts what is known of somebody into an archive. */
export const exportQueue: Queue<{ requestId: string }> = {
  name: 'tenancy.export',
  retries: 100,
  concurrency: 1,
  perOrganization: 1,
}
