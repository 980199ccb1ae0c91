import { timingSafeEqual } from 'node:crypto'
import { newId } from '@passerelle/platform/ids'
import type { TokenKeys } from '@passerelle/platform/identity'
import { networkAround } from '@passerelle/platform/identity/networks'
import { z } from 'zod'

/** What a client says of itself when it opens a session. */
export interface DeviceInput {
  token?: string | null | undefined
  name?: string | null | undefined
}

/** Where a session is opened. */
export interface Device {
  /** Null for a device on which this address has not logged in before, or which does not say so. */
  id: string | null
  name: string | null
  network: string | null
  /** The address that attempts are counted by. */
  caller: string | undefined
}

/** It stands in a message: it is one line. */
const deviceName = z
  .string()
  .trim()
  .max(120)
  .regex(/^\P{Cc}*$/u)
  .catch('')

/** Who asks to open a session for an address. A device token counts only for the address that it was given to. */
export function toDevice(
  keys: Pick<TokenKeys, 'mac'>,
  { device, address, caller }: { device: DeviceInput | null | undefined; address: string; caller: string | undefined },
): Device {
  return {
    id: findDevice(keys, device?.token ?? '', address),
    name: deviceName.parse(device?.name ?? '') || null,
    network: networkAround(caller),
    caller,
  }
}

/** What a device shows at its next log-in with this address, so that strangers' guesses are not counted as its own. It opens nothing. */
export function createDeviceToken(keys: Pick<TokenKeys, 'mac'>, address: string, known: string | null): string {
  const id = known ?? newId('dev')
  return `${id}.${seal(keys, id, address)}`
}

function findDevice(keys: Pick<TokenKeys, 'mac'>, token: string, address: string): string | null {
  const [id = '', given = ''] = token.split('.')
  const right = Buffer.from(seal(keys, id, address))
  const shown = Buffer.from(given)
  return shown.length === right.length && timingSafeEqual(shown, right) ? id : null
}

function seal(keys: Pick<TokenKeys, 'mac'>, id: string, address: string): string {
  return keys.mac('devices', `${id} ${address.toLowerCase()}`)
}
