const MAX_PAGES = 500
const MAX_OBJECT = 20_000

/**
 * A PDF that lost its end has lost the list of its pages, but the pages may still be there. Gives the file with a new list of the page
 * objects that are found in it, or undefined when there are none (or it is encrypted, which needs what was lost).
 */
export function mendPdf(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (/\/Encrypt\b/.test(text)) return undefined
  const pages = new Set<string>()
  let highest = 0
  for (const found of text.matchAll(/\b(\d{1,7}) (\d{1,5}) obj\b/g)) {
    const [head, number = '', generation = ''] = found
    highest = Math.max(highest, Number(number))
    const body =
      text.slice(found.index + head.length, found.index + MAX_OBJECT).split(/\bendobj\b|\bstream\b/, 1)[0] ?? ''
    if (/\/Type\s*\/Page\b/.test(body) && pages.size < MAX_PAGES) pages.add(`${number} ${generation} R`)
  }
  if (pages.size === 0) return undefined
  const [catalog, list] = [highest + 1, highest + 2]
  const isCutInStream = text.lastIndexOf('stream') > text.lastIndexOf('endstream') + 3
  const end = [
    isCutInStream ? '\nendstream\nendobj' : '',
    `${catalog} 0 obj\n<< /Type /Catalog /Pages ${list} 0 R >>\nendobj`,
    `${list} 0 obj\n<< /Type /Pages /Count ${pages.size} /Kids [${[...pages].join(' ')}] /MediaBox [0 0 595 842] >>\nendobj`,
    `trailer\n<< /Root ${catalog} 0 R /Size ${list + 1} >>\nstartxref\n0\n%%EOF\n`,
  ]
  return Buffer.concat([bytes, Buffer.from(end.join('\n'), 'latin1')])
}
