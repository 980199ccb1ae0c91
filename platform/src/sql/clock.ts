/** How far a clock is ahead that said `now` between the two moments; 0 while what the answer took explains the difference. Milliseconds. */
export function skewOf(now: number, { asked, answered }: { asked: number; answered: number }): number {
  if (now < asked) return now - asked
  return now > answered ? now - answered : 0
}
