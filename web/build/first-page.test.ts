import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { scriptSize, type BuiltChunk } from './first-page'

const chunk = (fileName: string, facadeModuleId: string | null, imports: string[]): BuiltChunk => ({
  fileName,
  facadeModuleId,
  imports,
  code: fileName.repeat(50),
})
const chunks = [
  chunk('main.js', '/app/src/main.ts', ['shared.js']),
  chunk('home.js', '/app/src/pages/HomePage.vue', ['shared.js', 'list.js']),
  chunk('shared.js', null, ['list.js']),
  chunk('list.js', null, ['shared.js']),
  chunk('other.js', '/app/src/pages/OtherPage.vue', []),
]
const zipped = (...names: string[]) => names.reduce((sum, name) => sum + gzipSync(name.repeat(50)).length, 0)

it('a page weighs its chunks and all they import, each once', () => {
  expect(scriptSize(chunks, { name: 'home', modules: ['src/main.ts', 'pages/HomePage.vue'] })).toBe(
    zipped('main.js', 'home.js', 'shared.js', 'list.js'),
  )
})

it('a page whose module was merged away is not weighed wrongly but refused', () => {
  expect(() => scriptSize(chunks, { name: 'gone', modules: ['src/main.ts', 'pages/GonePage.vue'] })).toThrow(
    'pages/GonePage.vue',
  )
})
