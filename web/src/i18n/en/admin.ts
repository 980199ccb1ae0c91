/** The administration as a whole; each of its pages has words of its own. */
export const admin = {
  admin: { about: 'Who has access, to what and how much, and proof of what was done' },
}
