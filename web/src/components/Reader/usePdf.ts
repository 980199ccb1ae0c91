import {
  getDocument,
  GlobalWorkerOptions,
  PasswordException,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
} from 'pdfjs-dist'
import PdfWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?worker'
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

export interface PageSize {
  width: number
  height: number
}

export type PdfState = 'loading' | 'ready' | 'locked' | 'failed'

/**
 * Opens a PDF by its address and keeps the sizes of its pages, in points; before a page has been looked at it is taken to be as large
 * as the first. Opens anew when the address changes, and lets go of the old one.
 */
export function usePdf(url: Ref<string>) {
  GlobalWorkerOptions.workerPort ??= new PdfWorker()
  const state = ref<PdfState>('loading')
  const pdf = shallowRef<PDFDocumentProxy>()
  const sizes = shallowRef<PageSize[]>([])
  let task: PDFDocumentLoadingTask | undefined

  async function open(): Promise<void> {
    await task?.destroy()
    state.value = 'loading'
    pdf.value = undefined
    const mine = (task = getDocument({
      url: url.value,
      cMapUrl: '/pdfjs/cmaps/',
      standardFontDataUrl: '/pdfjs/standard_fonts/',
      wasmUrl: '/pdfjs/wasm/',
      iccUrl: '/pdfjs/iccs/',
    }))
    try {
      const opened = await mine.promise
      const first = await measure(opened, 1)
      if (mine !== task) return
      sizes.value = Array.from({ length: opened.numPages }, () => first)
      pdf.value = opened
      state.value = 'ready'
      await measureOthers(opened, mine)
    } catch (error) {
      if (mine === task && state.value !== 'ready')
        state.value = error instanceof PasswordException ? 'locked' : 'failed'
    }
  }

  async function measureOthers(opened: PDFDocumentProxy, mine: PDFDocumentLoadingTask): Promise<void> {
    const found = [...sizes.value]
    for (let number = 2; number <= opened.numPages && mine === task; number++)
      found[number - 1] = await measure(opened, number)
    if (mine === task) sizes.value = found
  }

  watch(url, open, { immediate: true })
  onScopeDispose(() => {
    const last = task
    task = undefined
    void last?.destroy()
  })

  return { state, pdf, sizes, reopen: open }
}

async function measure(pdf: PDFDocumentProxy, number: number): Promise<PageSize> {
  const { width, height } = (await pdf.getPage(number)).getViewport({ scale: 1 })
  return { width, height }
}
