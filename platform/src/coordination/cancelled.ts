import { EngineUnavailable } from '../schema/refusals.ts'

/**
 * Somebody ended the call. For who made it the models do not answer this time, and it goes on without them where it can; nothing is asked again
 * by itself.
 */
export class CallCancelled extends EngineUnavailable {
  constructor() {
    super('models')
    this.message = 'The call was cancelled.'
  }
}
