import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { createApp } from 'vue'
import App from './App.vue'
import './app.css'
import { apollo } from './api/client'
import { stayOnThisHost } from './api/icons'
import { i18n, language, speak } from './i18n'
import { router } from './router'

stayOnThisHost()
await speak(language.value)
createApp(App).provide(DefaultApolloClient, apollo).use(router).use(icons).use(i18n).mount('#app')
