import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** The files of this repository that are loaded with one of its modules. */
async function loadedWith(path: string): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    process.argv[2] = 'help'
    console.log = () => {}
    await import(${JSON.stringify(new URL(path, import.meta.url).href)})
    process.stdout.write(JSON.stringify(loaded))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    maxBuffer: 16 * 1024 ** 2,
  })
  return (JSON.parse(stdout) as string[]).filter((url) => !url.includes('/node_modules/'))
}

test('a verb loads what it needs: all there is takes a third of a gigabyte and seconds', async () => {
  const [main, verify] = await Promise.all([loadedWith('./main.ts'), loadedWith('./audit/audit.ts')])
  expect(main.some((url) => url.endsWith('/cli/src/main.ts'))).toBe(true)
  expect(verify.some((url) => url.endsWith('/platform/src/audit/verify.ts'))).toBe(true)
  expect([...main, ...verify].filter((url) => /\/subgraphs\/|\/gateway\/|\/cli\/src\/engines\.ts$/.test(url))).toEqual(
    [],
  )
})
