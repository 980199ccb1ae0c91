import { mergeConfig } from 'vite'
import { defineConfig } from 'vitest/config'
import vite from './vite.config.ts'

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      name: 'web',
      environment: 'happy-dom',
      include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
      setupFiles: ['src/testing/setup.ts'],
      testTimeout: 60_000,
    },
  }),
)
