import { apollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { LogOutDocument } from '@/gql/graphql'

/**
 * Ends the session on the server, then here. `everywhere` ends the sessions of all devices. When the server does not answer the
 * session still ends here: the person asked to leave this browser.
 */
export async function logOut(everywhere = false): Promise<void> {
  await apollo.mutate({ mutation: LogOutDocument, variables: { everywhere } }).catch(() => undefined)
  keeper.close('left')
}
