import type { RouteLocationNormalizedLoaded } from 'vue-router'

/**
 * What tells one page from another where pages are shown, `depth` frames within the outermost. The page of one record is another page than that of the
 * next, so that nothing of the one, shown, typed or still on its way, is there under the name of the other. An id that may be missing does not count: its
 * page goes on when it gets one, as a conversation does with its first answer.
 */
export function placeOf({ matched, params }: RouteLocationNormalizedLoaded, depth = 1): string {
  const path = matched[depth]?.path ?? ''
  return path.replace(/:(\w+)(\??)/g, (whole, name: string, optional: string) =>
    optional ? whole : String(params[name] ?? ''),
  )
}
