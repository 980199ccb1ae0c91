import { onScopeDispose } from 'vue'
import type { LayoutAnswer, LayoutRequest } from './layout.worker'
import LayoutWorker from './layout.worker.ts?worker'

/** Lays graphs out away from the window's thread; only the answer to the newest request is given. */
export function useLayout(onPlaces: (places: LayoutAnswer['places']) => void) {
  const worker = new LayoutWorker()
  let turn = 0
  worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
    if (data.turn === turn) onPlaces(data.places)
  }
  onScopeDispose(() => worker.terminate())
  return (request: Omit<LayoutRequest, 'turn'>) => worker.postMessage({ ...request, turn: ++turn })
}
