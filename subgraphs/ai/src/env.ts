const usualDays = 90

/** What this room is told by the environment. Whoever starts the process has refused wrong values already (cli/src/env/env.ts). */
export function readAiEnv(source: NodeJS.ProcessEnv = process.env): AiEnv {
  const operators = (source.PASSERELLE_OPERATORS ?? '').split(',').map((id) => id.trim())
  return { keepJobsDays: Number(source.AI_JOBS_KEEP_DAYS || usualDays), operators: operators.filter(Boolean) }
}

interface AiEnv {
  keepJobsDays: number
  /** Organisations that look after the models of the installation; none named is all. */
  operators: string[]
}
