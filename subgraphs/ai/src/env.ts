const usualDays = 90

/** What this room is told by the environment. Whoever starts the process has refused wrong values already (cli/src/env.ts). */
export function readAiEnv(source: NodeJS.ProcessEnv = process.env): { keepJobsDays: number } {
  return { keepJobsDays: Number(source.AI_JOBS_KEEP_DAYS || usualDays) }
}
