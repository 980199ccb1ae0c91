/** The administration as a whole; each of its pages has words of its own. */
export const admin = {
  admin: { about: 'Qui a accès, à quoi, combien, et la preuve de ce qui a été fait' },
}
