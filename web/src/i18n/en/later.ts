import { admin } from './admin'
import { approvals } from './approvals'
import { audit } from './audit'
import { bookings } from './bookings'
import { clientAccess } from './client-access'
import { collections } from './collections'
import { exploring } from './exploring'
import type { Later } from '../fr'
import { handOvers } from './hand-overs'
import { jobs } from './jobs'
import { keys } from './keys'
import { knowledge } from './knowledge'
import { mails } from './mails'
import { models } from './models'
import { passwords } from './passwords'
import { people } from './people'
import { notifications } from './notifications'
import { privacy } from './privacy'
import { sharing } from './sharing'
import { requests } from './requests'
import { usage } from './usage'
import { webhooks } from './webhooks'
import { workflows } from './workflows'

const later: Later = {
  ...admin,
  ...approvals,
  ...audit,
  ...bookings,
  ...exploring,
  ...knowledge,
  ...keys,
  ...handOvers,
  ...jobs,
  ...mails,
  ...models,
  ...passwords,
  ...people,
  ...clientAccess,
  ...collections,
  ...notifications,
  ...privacy,
  ...sharing,
  ...requests,
  ...usage,
  ...webhooks,
  ...workflows,
}

export default later
