import { expect, it } from 'vitest'
import { createMarkOf, flowText } from './text-flow'

const at = (x: number, y: number) => ({ x, y, width: 0.1, height: 0.02 })
const page = {
  text: 'Reçu le 12\n\nPar\tMme Durand',
  words: [
    { text: 'Reçu', box: at(0.1, 0.1) },
    { text: 'le', box: at(0.3, 0.1) },
    { text: '12', box: at(0.5, 0.1) },
    { text: 'Par', box: at(0.1, 0.3) },
    { text: 'Mme', box: at(0.3, 0.3) },
    { text: 'Durand', box: at(0.5, 0.3) },
  ],
}
const passage = (x: number, y: number, width: number) => ({
  page: 1,
  boxes: [{ page: 1, box: { x, y, width, height: 0.02 } }],
})

it('a text keeps its lines and gaps, and words of a passage are one mark', () => {
  const markOf = createMarkOf([passage(0.3, 0.3, 0.4)], { page: 1, active: 0 })
  expect(flowText(page, markOf)).toEqual([{ text: 'Reçu le 12\n\nPar\t' }, { text: 'Mme Durand', mark: 'active' }])
})

it('a passage that is not the active one is lit, and one of another page is not shown', () => {
  const other = { page: 2, boxes: [{ page: 2, box: at(0.1, 0.3) }] }
  const markOf = createMarkOf([other, passage(0.1, 0.1, 0.1)], { page: 1, active: 0 })
  expect(flowText(page, markOf).filter(({ mark }) => mark)).toEqual([{ text: 'Reçu', mark: 'lit' }])
})

it('a line that was broken for want of room is joined again, a short one is not', () => {
  const long = 'm'.repeat(85)
  const words = [long, 'suite', 'fin'].map((text, index) => ({ text, box: at(0.1, index / 10) }))
  const [run] = flowText({ text: `${long}\nsuite\nfin`, words }, () => undefined)
  expect(run?.text).toBe(`${long} suite\nfin`)
})

it('all of a text is shown, also where its words are not known', () => {
  expect(flowText({ text: 'Bonjour à tous', words: [{ text: 'ailleurs', box: at(0, 0) }] }, () => undefined)).toEqual([
    { text: 'Bonjour à tous' },
  ])
})
