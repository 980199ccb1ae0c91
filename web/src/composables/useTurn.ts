import { onScopeDispose } from 'vue'

/**
 * Keeps the order of answers that may come in another one than they were asked for. Each call begins a turn, which ends all before it, and gives a way
 * to ask whether that turn is still on: false once a later one began, or the calling component is gone. What has come too late is to be dropped.
 */
export function useTurn(): () => () => boolean {
  let last = 0
  const begin = () => {
    const mine = ++last
    return () => mine === last
  }
  onScopeDispose(begin)
  return begin
}
