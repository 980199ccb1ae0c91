import { readonly, ref, type Ref } from 'vue'

/** A number that is asked for now and then, and told or changed in between. */
export interface Count {
  value: Readonly<Ref<number>>
  /** Takes over what is known by now. */
  tell: (now: number) => void
  /** It may be another one by now: an answer that is on its way does not count. */
  doubt: () => void
  /** Takes over the answer, unless something was told, doubted or asked since. */
  ask: (question: () => Promise<number | undefined>) => Promise<void>
}

/** A count of which the newest word stands, in whatever order answers come. Nothing is counted before the first word. */
export function createCount(): Count {
  const value = ref(0)
  let word = 0

  function tell(now: number): void {
    word++
    value.value = now
  }

  async function ask(question: () => Promise<number | undefined>): Promise<void> {
    const mine = ++word
    const answer = await question()
    if (mine === word) value.value = answer ?? 0
  }

  return { value: readonly(value), tell, doubt: () => void word++, ask }
}
