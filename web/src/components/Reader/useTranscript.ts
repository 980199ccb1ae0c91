import { shallowReactive, watch } from 'vue'
import { apollo } from '@/api/client'
import { ReadSpeechDocument } from '@/gql/graphql'
import { pageAt, type SpokenPage } from './transcript'

/** The pages of a recording's transcript, read when they are needed. */
export function useTranscript(id: () => string, pages: () => number) {
  const known = shallowReactive(new Map<number, SpokenPage>())
  watch([id, pages], () => known.clear())

  /** Nothing when the page is no more, or could not be read. */
  async function load(number: number): Promise<SpokenPage | undefined> {
    const before = known.get(number)
    if (before) return before
    const asked = id()
    const { data } = await apollo.query({ query: ReadSpeechDocument, variables: { id: asked, number } })
    const page = data.document?.page ?? undefined
    if (page && asked === id()) known.set(number, page)
    return page
  }

  /** The page on which something is said at the moment, read. */
  async function find(moment: number, duration: number): Promise<number> {
    for (;;) {
      const { page, sure } = pageAt(moment, { pages: pages(), duration, known })
      if (sure || !(await load(page))) return page
    }
  }

  return { known, load, find }
}
