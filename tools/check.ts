/** `npm run check`: types, lint, format, dead code and generated files. */
import { runChecks } from './checks.ts'

const failed = await runChecks()
if (failed.length > 0) console.log(`${failed.length} failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
