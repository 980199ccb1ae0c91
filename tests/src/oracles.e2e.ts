import { describe } from 'vitest'
import { workCases } from './walls/work.cases.ts'

describe('what an answer costs', () => workCases())
