/** Where a bucket is. */
export interface S3Place {
  bucket: string
  /** Stands before every key: empty, or `folder/`. */
  prefix: string
  /** Of a server that is not Amazon's; undefined for Amazon's own. */
  endpoint: string | undefined
  region: string
  /** The bucket is in the path instead of the host's name, as servers of one name have it. */
  pathStyle: boolean
}

const known = new Set(['endpoint', 'region', 'pathStyle'])

/**
 * The place that an address such as `s3://bucket/prefix?endpoint=http://minio:9000&region=fr-par` describes. `region` is us-east-1 unless told;
 * `pathStyle` is `on` with an endpoint and `off` without, unless told. Throws one sentence for what is no such address.
 */
export function toS3Place(address: string): S3Place {
  const url = URL.parse(address)
  if (url?.protocol !== 's3:') throw new Error('is not an s3:// address')
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name))
  if (unknown) throw new Error(`has a parameter that is not known here: ${unknown}`)
  if (url.username) throw new Error('holds credentials: set BLOBS_ACCESS_KEY_ID and BLOBS_SECRET_ACCESS_KEY instead')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname)) throw new Error('names no bucket')
  const endpoint = url.searchParams.get('endpoint') ?? undefined
  if (endpoint && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new Error('has an endpoint that is not an http(s) address')
  const style = url.searchParams.get('pathStyle') ?? (endpoint ? 'on' : 'off')
  if (style !== 'on' && style !== 'off') throw new Error('has a pathStyle that is neither on nor off')
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
  return {
    bucket: url.hostname,
    prefix: folder ? `${folder}/` : '',
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    pathStyle: style === 'on',
  }
}
