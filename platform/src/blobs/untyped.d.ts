declare module 's3rver' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export default class S3rver {
    constructor(options: { directory: string; silent: boolean; configureBuckets: { name: string }[] })
    configureBuckets(): Promise<void>
    store: {
      getObject(bucket: string, key: string, range?: { start?: number; end?: number | string }): Promise<unknown>
    }
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}
