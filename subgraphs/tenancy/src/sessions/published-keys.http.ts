import type { SubgraphRoute } from '@passerelle/platform/subgraph'

/** For whoever checks our access tokens: they ask again this often, and whenever a token names a key that they do not know. Seconds. */
const freshFor = 300

/** The public halves of the keys of access tokens (RFC 7517), for everybody. */
export const publishedKeysRoute: SubgraphRoute = {
  method: 'GET',
  prefix: '/.well-known/jwks.json',
  open:
    ({ keys }) =>
    async (_request, response) => {
      const text = JSON.stringify(keys.publicKeys())
      response.writeHead(200, {
        'content-type': 'application/jwk-set+json',
        'content-length': Buffer.byteLength(text),
        'cache-control': `public, max-age=${freshFor}`,
        // Whoever may check a token may be a page of another house.
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
      response.end(text)
    },
}
