import { Refusal } from '@passerelle/platform/schema'

/** Another collection of the organisation is called this. */
export class NameTaken extends Refusal {
  constructor() {
    super('NAME_TAKEN', 'Another collection is called this already.')
  }
}
