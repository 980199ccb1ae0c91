import { beforeEach, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import type { PullPartsFragment } from '@/gql/graphql'
import { useShownPulls } from './useShownPulls'

beforeEach(() => localStorage.clear())

function pullOf(id: string, model: string, state: PullPartsFragment['state']): PullPartsFragment {
  const cancellable = state === 'WAITING' || state === 'PULLING'
  return {
    id,
    model,
    state,
    status: null,
    completedBytes: 0,
    totalBytes: null,
    error: null,
    startedAt: '2026-11-21T09:00:00Z',
    cancellable,
  }
}

it('shows what is on its way and what failed, but not what was asked for again since', () => {
  const pulls = ref([
    pullOf('4', 'mistral:latest', 'PULLING'),
    pullOf('3', 'bge-m3:latest', 'DONE'),
    pullOf('2', 'bge-m3:latest', 'FAILED'),
    pullOf('1', 'qwen3:8b', 'FAILED'),
    pullOf('0', 'mistral:latest', 'FAILED'),
  ])
  const { shownPulls } = useShownPulls(pulls)
  expect(shownPulls.value.map(({ id }) => id)).toEqual(['4', '1'])
})

it('keeps away what was put away, also when the page is opened again, until the model is asked for once more', async () => {
  const pulls = ref([pullOf('2', 'bge-m3:latest', 'FAILED'), pullOf('1', 'qwen3:8b', 'FAILED')])
  const { shownPulls, putAway } = useShownPulls(pulls)
  putAway('1')
  await nextTick()
  expect(shownPulls.value.map(({ id }) => id)).toEqual(['2'])
  const again = useShownPulls(pulls)
  expect(again.shownPulls.value.map(({ id }) => id)).toEqual(['2'])
  pulls.value = [pullOf('3', 'qwen3:8b', 'FAILED'), ...pulls.value]
  expect(again.shownPulls.value.map(({ id }) => id)).toEqual(['3', '2'])
})
