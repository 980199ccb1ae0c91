import type { Coordination } from '../coordination/coordination.ts'
import type { Log } from '../log/log.ts'

const channel = 'usage-limits-changed'

/** Tells whoever remembers what an organisation may use that this has changed. Where it cannot be told, they find out within seconds. */
export function tellLimitsChanged(
  { coordination, log }: { coordination: Pick<Coordination, 'publish'>; log: Log },
  organizationId: string,
): Promise<void> {
  return coordination
    .publish(channel, organizationId)
    .catch((error: unknown) => log.warn({ err: error, organizationId }, 'changed limits hold in a few seconds'))
}

/** Hears of organisations whose limits have changed, for as long as the coordination port is open. */
export function hearLimitsChanged(
  { coordination, log }: { coordination: Pick<Coordination, 'subscribe'>; log: Log },
  onChanged: (organizationId: string) => void,
): void {
  coordination
    .subscribe(channel, onChanged)
    .catch((error: unknown) => log.warn({ err: error }, 'changed limits are not heard of, and hold in a few seconds'))
}
