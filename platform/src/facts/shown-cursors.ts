import { timingSafeEqual } from 'node:crypto'
import type { TokenKeys } from '../identity/tokens.ts'
import { InvalidInput } from '../schema/refusals.ts'
import type { Viewer } from '../schema/viewer.ts'

/** Cursors as the viewer is shown them. */
export interface ShownCursors {
  show(position: string): string
  /** The position of a cursor that was shown; InvalidInput for what was not. Nothing stays nothing. */
  read(cursor: string | null | undefined): string | null | undefined
}

const tagBytes = 12
const positionBytes = 8

/**
 * How a subscription tells its viewer where it stands. Positions count all that happens in an organisation, and trying them finds the last one: a client is
 * shown their own sealed form of those that they hear of, which tells no number, no order, and opens for no one else. Everybody else sees positions.
 */
export function shownCursors({ keys }: { keys: Pick<TokenKeys, 'mac'> }, viewer: Viewer): ShownCursors {
  const { organizationId, clientId } = viewer
  if (clientId === null) return { show: (position) => position, read: (cursor) => cursor }
  const mac = (what: string, bytes: Buffer): Buffer =>
    Buffer.from(
      keys.mac('client cursors', `${what} ${organizationId} ${clientId} ${bytes.toString('hex')}`),
      'base64url',
    )
  const tagOf = (position: Buffer): Buffer => mac('tag', position).subarray(0, tagBytes)
  const covered = (position: Buffer, tag: Buffer): Buffer => {
    const cover = mac('cover', tag)
    return Buffer.from(position.map((byte, index) => byte ^ (cover[index] ?? 0)))
  }
  return {
    show(shown) {
      const position = Buffer.alloc(positionBytes)
      position.writeBigUInt64BE(BigInt(shown))
      const tag = tagOf(position)
      return Buffer.concat([tag, covered(position, tag)]).toString('base64url')
    },
    read(cursor) {
      if (cursor === null || cursor === undefined) return cursor
      const bytes = Buffer.from(cursor, 'base64url')
      const tag = bytes.subarray(0, tagBytes)
      const position = covered(bytes.subarray(tagBytes), tag)
      if (bytes.length !== tagBytes + positionBytes || !timingSafeEqual(tag, tagOf(position)))
        throw new InvalidInput('This is not a cursor that a subscription gave.', ['after'])
      return String(position.readBigUInt64BE())
    },
  }
}
