import { expect, it } from 'vitest'
import { readMarkdown } from './markdown'

it('reads headings, paragraphs over lines, code as it stands, and tables', () => {
  const source =
    '# A **b**\n\nOne `two`\nthree [four](https://five).\n\n```sh\n# no heading\necho\n```\n\n| a | b |\n|---|---|\n| `c` | d |\n'
  expect(readMarkdown(source)).toEqual([
    { kind: 'heading', level: 1, spans: [{ text: 'A ' }, { text: 'b', strong: true }] },
    {
      kind: 'text',
      spans: [
        { text: 'One ' },
        { text: 'two', code: true },
        { text: ' three ' },
        { text: 'four', href: 'https://five' },
        { text: '.' },
      ],
    },
    { kind: 'code', language: 'sh', text: '# no heading\necho' },
    { kind: 'table', head: [[{ text: 'a' }], [{ text: 'b' }]], rows: [[[{ text: 'c', code: true }], [{ text: 'd' }]]] },
  ])
})
