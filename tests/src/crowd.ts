/** Does it for each of them, so many at once, in their order; throws what the first one throws. */
export async function crowd<Item>(
  items: readonly Item[],
  atOnce: number,
  each: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values()
  const work = async (): Promise<void> => {
    for (const item of waiting) await each(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
