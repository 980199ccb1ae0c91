import type { Plugin } from 'vite'

/** What is built is always the production form, whatever NODE_ENV the shell or the test runner happens to carry. */
export function alwaysProduction(): Plugin {
  return {
    name: 'passerelle:always-production',
    enforce: 'pre',
    config(_config, { command }) {
      if (command === 'build') process.env['NODE_ENV'] = 'production'
    },
  }
}
