import { readMasterKeys } from '@passerelle/platform/sealing/local'
import { isVaultKeyUrl, type VaultAddress } from '@passerelle/platform/sealing/vault'
import { z } from 'zod'

/** No message repeats a key. */
export const sealingSettings = {
  PASSERELLE_MASTER_KEY: z
    .string()
    .refine((text) => readMasterKeys(text) !== null, {
      error:
        'PASSERELLE_MASTER_KEY must be 32 bytes in base64url, as `passerelle sealing key` prints them; after a comma, those that were used before.',
    })
    .optional(),
  PASSERELLE_MASTER_KEY_URL: z
    .string()
    .refine(isVaultKeyUrl, {
      error:
        'PASSERELLE_MASTER_KEY_URL must be the address of a key of Vault’s Transit engine, such as https://vault:8200/v1/transit/keys/passerelle.',
    })
    .optional(),
  PASSERELLE_MASTER_KEY_TOKEN: z.string().optional(),
}

type Raw = { [Name in keyof typeof sealingSettings]?: string | undefined }

/** Where the master key is: in the environment, in a key server, or (undefined) in a file of this installation. */
export type MasterKeyEnv = { keys: Uint8Array[] } | { vault: VaultAddress } | undefined

export function toSealingEnv(raw: Raw, refuse: (message: string) => void): MasterKeyEnv {
  const { PASSERELLE_MASTER_KEY: key, PASSERELLE_MASTER_KEY_URL: url, PASSERELLE_MASTER_KEY_TOKEN: token } = raw
  if (key && url) refuse('Set PASSERELLE_MASTER_KEY or PASSERELLE_MASTER_KEY_URL, not both.')
  if (url && !token)
    refuse('PASSERELLE_MASTER_KEY_URL needs PASSERELLE_MASTER_KEY_TOKEN: who we are at the key server.')
  if (url && token) return { vault: { url, token } }
  const keys = key ? readMasterKeys(key) : null
  return keys ? { keys } : undefined
}
