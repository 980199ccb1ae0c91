import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { documentsApart } from './build/documents-apart.ts'
import { firstPageBudget } from './build/first-page.ts'
import { pdfAssets } from './build/pdf-assets.ts'
import { alwaysProduction } from './build/production.ts'
import { precompress } from './build/precompress.ts'

const api = process.env['PASSERELLE_API'] ?? 'http://127.0.0.1:4000'

/** What every page loads first: the entry (as its page) and one language. */
const start = ['web/index.html', 'i18n/fr/index.ts']

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  plugins: [
    alwaysProduction(),
    documentsApart(),
    vue(),
    ui({
      // Components are imported by name in each file: no generated declaration files to keep fresh.
      autoImport: false,
      components: false,
      colorMode: true,
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] } } },
      theme: { colors: ['primary', 'success', 'info', 'warning', 'error'] },
      ui: {
        colors: { primary: 'teal', neutral: 'stone', success: 'emerald', info: 'sky', warning: 'amber', error: 'rose' },
        button: {
          // A button under the pointer goes away from the colour of its words, a step of the palette: the kit's own lets the page shine through, which takes contrast.
          compoundVariants: [
            {
              color: 'primary',
              variant: 'solid',
              class: 'hover:bg-primary-800 active:bg-primary-800 dark:hover:bg-primary-400 dark:active:bg-primary-400',
            },
            {
              color: 'error',
              variant: 'solid',
              class: 'hover:bg-error-800 active:bg-error-800 dark:hover:bg-error-300 dark:active:bg-error-300',
            },
          ],
        },
        // A long title ends before the button that closes.
        modal: { slots: { title: 'pe-8' } },
      },
    }),
    pdfAssets(),
    firstPageBudget({
      maxBytes: 250_000,
      pages: [
        { name: 'log-in', modules: [...start, 'pages/LogInPage.vue'] },
        { name: 'home', modules: [...start, 'Shell/AppShell.vue', 'pages/HomePage.vue'] },
        {
          name: 'portal',
          modules: [...start, 'i18n/fr/portal.ts', 'Portal/PortalShell.vue', 'pages/portal/PortalHomePage.vue'],
        },
      ],
    }),
    precompress(),
  ],
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 600 },
  server: {
    proxy: {
      '/graphql': { target: api, ws: true },
      '/uploads': api,
      '/files': api,
      '/exports': api,
      '/explorer': api,
    },
  },
})
