import { compareNative } from './native.ts'
import { compareRecognition } from './ocr.ts'

/** Reading files beside other readers (`npm run bench -- reading [native|ocr]`), by processor time, so that a busy machine changes little. */
export async function run(args: readonly string[]): Promise<void> {
  const [only] = args
  if (only !== 'ocr') await compareNative()
  if (only !== 'native') await compareRecognition()
}
