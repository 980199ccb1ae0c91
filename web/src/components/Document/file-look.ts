const looks: [RegExp, string][] = [
  [/^application\/pdf/, 'i-lucide-file-text'],
  [/^image\//, 'i-lucide-file-image'],
  [/^message\/|outlook/, 'i-lucide-mail'],
  [/csv|spreadsheet|excel/, 'i-lucide-file-spreadsheet'],
  [/word|wordprocessing|rtf/, 'i-lucide-file-type'],
  [/html|xml|markdown/, 'i-lucide-file-code'],
  [/^audio\//, 'i-lucide-file-audio'],
]

/** The icon of a content type. */
export function fileIcon(contentType: string): string {
  return looks.find(([pattern]) => pattern.test(contentType))?.[1] ?? 'i-lucide-file'
}

/** Content types whose pages look like something on paper; others are only text. */
export function isPaper(contentType: string): boolean {
  return contentType === 'application/pdf' || contentType.startsWith('image/')
}

/** Content types that are listened to. */
export function isAudio(contentType: string): boolean {
  return contentType.startsWith('audio/')
}

/** How a browser draws a document's own pages; undefined where it cannot, because of the format or because the file is damaged. */
export function drawnAs({ contentType, fileUrl, status }: Drawable): 'pdf' | 'image' | undefined {
  if (!fileUrl || status.error?.code === 'UNREADABLE') return undefined
  if (contentType === 'application/pdf') return 'pdf'
  return /^image\/(png|jpeg|webp|gif|avif)$/.test(contentType) ? 'image' : undefined
}

interface Drawable {
  contentType: string
  fileUrl: string | null
  status: { error: { code: string } | null }
}
