/** Where people reach the house: never taken from a request, which could name any host. It begins the links in messages. */
export function readHouseUrl(source: NodeJS.ProcessEnv = process.env): string {
  return (source.PASSERELLE_URL || `http://localhost:${source.PORT || '4000'}`).replace(/\/+$/, '')
}
