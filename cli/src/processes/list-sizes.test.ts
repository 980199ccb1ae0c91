import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { listSizes } from './list-sizes.ts'

test('every list whose length is told is one of the graph', async () => {
  const sdl = await readFile(new URL('../../../graph-schema/api.graphql', import.meta.url), 'utf8')
  for (const coordinate of listSizes.keys()) {
    const [type = '', field = ''] = coordinate.split('.')
    const fields = new RegExp(`^type ${type}\\b[^{]*\\{[^]*?^\\}`, 'm').exec(sdl)?.[0]
    expect(fields, coordinate).toMatch(new RegExp(`^  ${field}(\\([^)]*\\))?: \\[`, 'm'))
  }
})
