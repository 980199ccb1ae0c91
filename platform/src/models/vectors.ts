import { ModelFailure } from './provider.ts'

/** The vectors, when they are as many as asked for and of one length; a broken answer otherwise. */
export function requireVectors(vectors: number[][], count: number): number[][] {
  const length = vectors[0]?.length ?? 0
  const sound =
    vectors.length === count &&
    length > 0 &&
    vectors.every((vector) => vector.length === length && vector.every(Number.isFinite))
  if (!sound)
    throw new ModelFailure(
      'broken',
      `${count} vectors were asked for; what came is not ${count} vectors of one length.`,
    )
  return vectors
}
