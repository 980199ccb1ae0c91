import { NotAllowed, type Viewer } from '@passerelle/platform/schema'
import type { HandOver } from './hand-over.ts'

/** Whether somebody may see and take what any colleague has handed over. */
export function mayAnswer(viewer: Viewer): boolean {
  return viewer.scopes.includes('question:answer')
}

/** The person who asks; a service has nobody to hand over for. */
export function requirePerson({ userId }: Viewer): string {
  if (!userId) throw new NotAllowed()
  return userId
}

/** Its asker, who has it, or an administrator: they end it and open it again. */
export function requireConcerned({ askerId, assigneeId }: HandOver, viewer: Viewer): void {
  const me = requirePerson(viewer)
  if (me !== askerId && me !== assigneeId && !viewer.scopes.includes('member:manage')) throw new NotAllowed()
}
