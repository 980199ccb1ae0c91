/** The administration as a whole; each of its pages has words of its own. */
export const admin = {
  admin: { about: 'Who has access, to what, how much, and the proof of what was done' },
}
