import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'

// Argon2id with 19 MiB, two passes: the library's defaults are those of OWASP.

/** Longer ones only cost time. */
export const longestPassword = 200

/** What may become somebody's password. */
export const newPassword = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(longestPassword, `A password has at most ${longestPassword} characters.`)

/** Hashes for keeping; the parameters travel with the hash. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

let decoy: Promise<string> | null = null

/** True when the password is the one; takes as long when there is no account, so that time tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password')
  const right = await verify(passwordHash ?? (await decoy), password.slice(0, longestPassword))
  return right && passwordHash !== null
}
