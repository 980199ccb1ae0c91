import type { ScoredPoint } from './vectors.ts'

const k = 60

/** How many of each side's best points are fused, whatever page is asked for, so that pages fit together. */
export const fusedDepth = 1_000

/** Reciprocal-rank fusion of rankings, best first, ties by id. */
export function fuse(rankings: readonly (readonly ScoredPoint[])[]): ScoredPoint[] {
  const fused = new Map<string, ScoredPoint>()
  for (const ranking of rankings) {
    for (const [index, point] of ranking.entries()) {
      const score = (fused.get(point.id)?.score ?? 0) + 1 / (k + index + 1)
      fused.set(point.id, { ...point, score })
    }
  }
  return [...fused.values()].sort(bestFirst)
}

/** Order of results: by score, then by id, so that it never depends on where they came from. */
export function bestFirst(a: ScoredPoint, b: ScoredPoint): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1)
}
