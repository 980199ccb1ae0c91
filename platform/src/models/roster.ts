import type { Log } from '../log/log.ts'
import { isBackupName } from './library.ts'
import type { ModelServer, ProviderModel, Skill } from './provider.ts'

export interface RosterOptions {
  provider: ModelServer
  /** What is looked for there. */
  skills: readonly Skill[]
  /** Names that were asked for; a name without tag means `latest`. Without one, the first suitable model of the server's list. */
  wanted: Partial<Record<Skill, string | undefined>>
  everyMs: number
  log: Log
}

export interface Roster {
  /** What answered last time, of that name when one is given; null when it did not, or there is none. */
  find(skill: Skill, name?: string): ProviderModel | null
  /** The same, from what the server had when it last answered; undefined when it never did, and for a model that should be there. */
  recall(skill: Skill, name?: string): ProviderModel | null | undefined
  /** Everything that answered last time, backups too. */
  models(): readonly ProviderModel[]
  answers(): boolean
  /** Asks the server now. */
  look(): Promise<void>
  close(): void
}

const CHECK_MS = 3_000

/** Knows which models there are, by asking every few seconds. Answers after the first time, whether the server did or not. */
export async function openRoster({ provider, skills, wanted, everyMs, log }: RosterOptions): Promise<Roster> {
  const closing = new AbortController()
  let models: ProviderModel[] | null = null
  let known: ProviderModel[] | undefined
  let told = ''

  async function look(): Promise<void> {
    try {
      models = await provider.list(AbortSignal.any([closing.signal, AbortSignal.timeout(CHECK_MS)]))
      known = models
      tell(skills.map((skill) => `${skill}: ${name(skill)}`).join(', '))
    } catch (error) {
      models = null
      if (!closing.signal.aborted) tell(`no answer: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  const find = (skill: Skill, called?: string) => chooseModel(models ?? [], skill, called ?? wanted[skill])
  const name = (skill: Skill) => find(skill)?.name ?? `none${wanted[skill] ? ` (${wanted[skill]} is not there)` : ''}`

  /** Once per change. */
  function tell(news: string): void {
    if (news !== told) log[models ? 'info' : 'warn'](`Models of ${provider.name}: ${news}.`)
    told = news
  }

  await look()
  let looking = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    await look()
    looking = false
  }, everyMs).unref()
  return {
    find,
    recall(skill, called) {
      if (!known) return undefined
      // A model that the operator named is waited for.
      return chooseModel(known, skill, called ?? wanted[skill]) ?? (!called && wanted[skill] ? undefined : null)
    },
    models: () => models ?? [],
    look,
    answers: () => models !== null,
    close() {
      clearInterval(timer)
      closing.abort()
    },
  }
}

/** The model of that name, whatever the server says it can do; without a name, the first that has the skill. */
export function chooseModel(models: readonly ProviderModel[], skill: Skill, wanted?: string): ProviderModel | null {
  if (wanted) return models.find(({ name }) => name === wanted || name === `${wanted}:latest`) ?? null
  const able = models.filter((model) => model.skills.includes(skill) && !isBackupName(model.name))
  return able.find((model) => skill === 'embedding' || !model.skills.includes('embedding')) ?? able[0] ?? null
}
