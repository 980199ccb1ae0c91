import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'
import { InvalidInput } from '@passerelle/platform/schema'
import { findWeakness } from './password-strength.ts'

// Argon2id with 19 MiB, two passes: the library's defaults are those of OWASP.

/** Longer ones only cost time. */
const longestPassword = 200

/** What may become somebody's password, as far as its length says. */
export const newPassword = z
  .string()
  .min(12, 'A password has at least 12 characters.')
  .max(longestPassword, `A password has at most ${longestPassword} characters.`)

/** Refuses with InvalidInput at `field` what is easy to guess, above all by who knows `about` the person. */
export async function requireStrong(password: string, about: readonly string[], field = 'password'): Promise<void> {
  const weakness = await findWeakness(password, about)
  if (weakness) throw new InvalidInput(weakness, [field])
}

/** Hashes for keeping; the parameters travel with the hash. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

let decoy: Promise<string> | null = null

/** True when the password is the one; takes as long when there is no account, so that time tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  // Waited for by everybody: the first stranger would wait for it alone.
  const none = await (decoy ??= hashPassword('no account has this password'))
  const right = await verify(passwordHash ?? none, password.slice(0, longestPassword))
  return right && passwordHash !== null
}
