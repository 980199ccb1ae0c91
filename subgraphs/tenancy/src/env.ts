/** Where people reach the house: never taken from a request, which could name any host. It begins the links in messages. */
export function readHouseUrl(source: NodeJS.ProcessEnv = process.env): string {
  return (source.PASSERELLE_URL || `http://localhost:${source.PORT || '4000'}`).replace(/\/+$/, '')
}

/** How many days an organisation that is to be erased can still be kept; checked at the start (cli/src/env/env.ts). */
export function readErasureDelayDays(source: NodeJS.ProcessEnv = process.env): number {
  return Number(source.PASSERELLE_ERASURE_DELAY_DAYS || '7')
}

export const planNames = ['FREE', 'TEAM', 'UNLIMITED'] as const
export type PlanName = (typeof planNames)[number]

/** The plan of a new organisation; a setting that names none is refused at the start (cli/src/env/env.ts). */
export function readFirstPlan(source: NodeJS.ProcessEnv = process.env): PlanName {
  return planNames.find((name) => name === source.PASSERELLE_PLAN?.toUpperCase()) ?? 'UNLIMITED'
}

/** Whether strangers may open organisations here; who is invited may always come. */
export function readSignUp(source: NodeJS.ProcessEnv = process.env): boolean {
  return source.PASSERELLE_SIGN_UP !== 'off'
}
