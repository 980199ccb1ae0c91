import { readFileSync } from 'node:fs'

/** Settings that may be in a file instead, as container platforms hand them over: `GRAPH_PASSWORD_FILE=/run/secrets/graph`. */
const secretNames = [
  'COORDINATION_PASSWORD',
  'GRAPH_PASSWORD',
  'OPENAI_API_KEY',
  'PASSERELLE_MASTER_KEY',
  'PASSERELLE_MASTER_KEY_TOKEN',
  'SPEECH_API_KEY',
  'SQL_PASSWORD',
  'SQL_OWNER_PASSWORD',
  'BLOBS_ACCESS_KEY_ID',
  'BLOBS_SECRET_ACCESS_KEY',
  'SMTP_PASSWORD',
  'VECTORS_API_KEY',
]

/** Reads the secrets that the environment names files for, without the line end that editors leave; an empty one counts as not set. Answers every fault as a sentence of its own. */
export function readSecretFiles(source: Record<string, string | undefined>): {
  secrets: Record<string, string>
  /** Where they were read from. */
  files: string[]
  faults: string[]
} {
  const secrets: Record<string, string> = {}
  const files: string[] = []
  const faults: string[] = []
  for (const name of secretNames) {
    const file = source[`${name}_FILE`]
    if (file === undefined) continue
    if (source[name] !== undefined) faults.push(`Set ${name} or ${name}_FILE, not both.`)
    const text = readText(file)
    if (text === null) faults.push(`${name}_FILE names ${file}, which cannot be read.`)
    else {
      files.push(file)
      const secret = text.replace(/\r?\n$/, '')
      if (secret) secrets[name] = secret
    }
  }
  return { secrets, files, faults }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
