import { schema } from './install.ts'

/** How many jobs of a queue wait, are being done, and were given up in the last days. */
export interface QueueCount {
  queue: string
  pending: number
  active: number
  failed: number
}

/** The query for how many jobs of a queue are still to be done whose data holds a JSON object: of one organisation, or of all for null. */
export const unfinishedCount = `
  select count(*)::int as count from ${schema}.job
  where name = $1 and state <= 'active' and ($2::text is null or group_id = $2) and data->'data' @> $3::jsonb`

/** The query for the jobs of all queues, empty ones too; of what is done or cancelled, which is most of them, it reads nothing. */
export const queueCounts = `
  select queue.name as queue, count(*) filter (where job.state < 'active')::int as pending,
    count(*) filter (where job.state = 'active')::int as active, count(*) filter (where job.state = 'failed')::int as failed
  from ${schema}.queue left join ${schema}.job on job.name = queue.name and job.state in ('created', 'retry', 'active', 'failed')
  where queue.name not like '\\_\\_%' group by queue.name order by queue.name`
