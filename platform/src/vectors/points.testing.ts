import type { Point, Vectors } from './vectors.ts'

/** A point whose terms are the words of a text, so that a test reads like what it searches. */
export function point(id: string, text: string, facts: Partial<Point> = {}): Point {
  return {
    id: `chk_${id}`,
    documentId: `doc_${id}`,
    terms: toTerms(text),
    dense: null,
    contentType: 'application/pdf',
    kind: null,
    createdAt: new Date('2026-01-15T10:00:00Z'),
    ...facts,
  }
}

export function toTerms(text: string): Map<string, number> {
  const terms = new Map<string, number>()
  for (const word of text.split(' ')) terms.set(word, (terms.get(word) ?? 0) + 1)
  return terms
}

export const inSpace = (...vector: number[]) => ({ model: 'test-embed', vector })

/** Searches one collection and answers the ids without their prefix. */
export function searching(given: () => Vectors, organizationId = 'org_a') {
  return async (query: Partial<Parameters<Vectors['search']>[2]> & { words?: string }): Promise<string[]> => {
    const { words, ...rest } = query
    const found = await given().search(organizationId, 'documents', {
      limit: 50,
      ...(words === undefined ? {} : { sparse: words.split(' ') }),
      ...rest,
    })
    return found.map(({ id }) => id.slice(4))
  }
}
