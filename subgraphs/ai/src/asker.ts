import type { Viewer } from '@passerelle/platform/schema'

/** Whose questions and conversations these are: a person's own, or a key's own. What is neither, the house itself, has none that anybody else reads. */
export function askerOf({ userId, keyId }: Pick<Viewer, 'userId' | 'keyId'>): string {
  return userId ?? keyId ?? ''
}
