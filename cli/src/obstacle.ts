/** Something the operator has to clear away. Its message says what and how, and is all that is shown. */
export class Obstacle extends Error {
  override name = 'Obstacle'
}
