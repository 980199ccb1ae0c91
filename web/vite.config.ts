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
          // The kit's own three quarters leave too little contrast between the words and a button under the pointer.
          compoundVariants: (['primary', 'error'] as const).map((color) => ({
            color,
            variant: 'solid' as const,
            class: `hover:bg-${color}/90 active:bg-${color}/90`,
          })),
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
