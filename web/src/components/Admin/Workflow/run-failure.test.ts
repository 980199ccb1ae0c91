import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { i18n, speak, speakOfAll } from '@/i18n'
import { failureText, houseFailures } from './run-failure'

const root = join(import.meta.dirname, '../../../../..')
const sources = [
  'platform/src/outgoing/failure.ts',
  'platform/src/outgoing/target.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run-start.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run-report.ts',
  'subgraphs/tenancy/src/workflow-runs/workflow-run.ts',
].map((path) => readFileSync(join(root, path), 'utf8'))

it.each(Object.keys(houseFailures))('the house says “%s” as it is looked for', (sentence) =>
  expect(sources.some((source) => source.includes(`'${sentence}'`))).toBe(true),
)

it('what the house says is told in the language of the person, what a workflow says as it said it', () => {
  const t = (key: string) => `<${key}>`
  expect(failureText('No result came in time.', t)).toBe('<workflows.failure.NO_RESULT>')
  expect(failureText('404 The workflow is not registered', t)).toBe('404 The workflow is not registered')
})

it('every reason for which an address is refused has words, in both languages', async () => {
  const [target = ''] = sources.filter((source) => source.includes('function refused('))
  const sentences = [...target.matchAll(/(?:refused\(|const inside = )'(.+)'/g)].map(([, sentence]) => sentence ?? '')
  expect(sentences.length).toBeGreaterThan(5)
  for (const language of ['fr', 'en'] as const) {
    await Promise.all([speak(language), speakOfAll()])
    for (const sentence of sentences) {
      const said = failureText(sentence, i18n.global.t)
      expect([sentence, said]).toEqual([
        sentence,
        expect.stringMatching(
          language === 'fr' ? /workflow n’est|workflow doit|^Le port/ : /^The (port of the )?workflow’s address/,
        ),
      ])
    }
  }
})
