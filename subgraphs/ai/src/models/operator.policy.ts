import { NotAllowed, requirePerson, type Viewer } from '@passerelle/platform/schema'
import { readAiEnv } from '../env.ts'

/**
 * Somebody who may change what all organisations of the installation share: a person with `model:manage`, of an organisation that the operator trusts with
 * it where `PASSERELLE_OPERATORS` names any. NotAllowed otherwise.
 */
export function requireOperator(context: { viewer: Viewer | null }): ReturnType<typeof requirePerson> {
  const viewer = requirePerson(context, 'model:manage')
  const { operators } = readAiEnv()
  if (operators.length > 0 && !operators.includes(viewer.organizationId))
    throw new NotAllowed('The models of this installation are looked after by another organisation.')
  return viewer
}
