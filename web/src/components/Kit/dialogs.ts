import { defineAsyncComponent } from 'vue'

/** Loaded when it is first opened: most visits confirm nothing. */
export const LazyConfirmDialog = defineAsyncComponent(() => import('./ConfirmDialog.vue'))
