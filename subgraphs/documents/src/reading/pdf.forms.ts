import type { PageViewport, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PlacedWord } from './layout.words.ts'
import type { LaidLine } from './page.ts'
import { paginate } from './virtual.ts'

const MAX_SHEETS = 50

interface Field {
  fieldType?: string
  fieldValue?: unknown
  rect?: number[]
}

/** The values of a form's fields that the page does not already paint, set as words into their fields. */
export async function findFieldWords(
  page: PDFPageProxy,
  viewport: PageViewport,
  painted: PlacedWord[],
): Promise<PlacedWord[]> {
  const fields: Field[] = await page.getAnnotations()
  return fields.flatMap(({ fieldType, fieldValue, rect }) => {
    const value = [fieldValue]
      .flat()
      .filter((part) => typeof part === 'string')
      .join(' ')
      .trim()
    if ((fieldType !== 'Tx' && fieldType !== 'Ch') || value === '' || rect?.length !== 4) return []
    const [ax, ay] = toPoint(viewport, rect[0], rect[1])
    const [bx, by] = toPoint(viewport, rect[2], rect[3])
    const area = { left: Math.min(ax, bx), top: Math.min(ay, by), right: Math.max(ax, bx), bottom: Math.max(ay, by) }
    return painted.some((word) => isInside(word, area)) ? [] : fill(value, area)
  })
}

function toPoint(viewport: PageViewport, x = 0, y = 0): [number, number] {
  const [px, py]: number[] = viewport.convertToViewportPoint(x, y)
  return [px ?? 0, py ?? 0]
}

interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

function isInside({ left, top, right, bottom }: Area, area: Area): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  return x > area.left && x < area.right && y > area.top && y < area.bottom
}

/** Words in lines of the size a form filler would choose, none below the field's last line. */
function fill(value: string, area: Area): PlacedWord[] {
  const size = Math.max(4, Math.min(12, (area.bottom - area.top) * 0.8))
  const letter = Math.min(
    size * 0.5,
    (area.right - area.left) / Math.max(1, ...value.split(/\s+/).map((word) => word.length)),
  )
  const isOneLine = value.length * letter <= area.right - area.left
  let [u, v] = [area.left, isOneLine ? (area.top + area.bottom - size) / 2 : area.top]
  return value.split(/\s+/).map((text) => {
    if (u > area.left && u + text.length * letter > area.right && v + 2 * size <= area.bottom)
      [u, v] = [area.left, v + size]
    const box = { left: u, top: v, right: u + text.length * letter, bottom: v + size }
    u = box.right + letter
    return {
      text,
      ...box,
      turn: 0,
      u0: box.left,
      u1: box.right,
      v0: box.top,
      v1: box.bottom,
      baseline: box.top + size * 0.75,
      size,
    }
  })
}

interface FormNode {
  name?: string
  value?: unknown
  attributes?: { value?: unknown; textContent?: unknown; type?: unknown }
  children?: FormNode[]
}

/** The text of a page of a dynamic form (XFA), which has no painted page: set like a text without pages, and closer where it is long. */
export async function readFormPage(page: PDFPageProxy): Promise<LaidLine[]> {
  const form: FormNode | null = await page.getXfa()
  const sheets = paginate([{ text: toFormLines(form ?? {}).join('\n') }], MAX_SHEETS)
  return sheets.flatMap(({ words }, sheet) => {
    const lines: LaidLine[] = []
    for (const { line, text: word, box } of words) {
      const laid = (lines[line] ??= { words: [], block: 0 })
      laid.words.push({
        text: word,
        box: { ...box, y: (sheet + box.y) / sheets.length, height: box.height / sheets.length },
      })
    }
    return lines
  })
}

/** A label and what is filled in beside it are one line. */
function toFormLines(node: FormNode): string[] {
  const { name, value, attributes, children = [] } = node
  const isButton = attributes?.type === 'checkbox' || attributes?.type === 'radio'
  const own = [value, name === 'input' && isButton ? undefined : attributes?.value, attributes?.textContent]
  const inner = children.flatMap(toFormLines)
  const lines = [...own.filter((part) => typeof part === 'string' && part.trim() !== '').map(String), ...inner]
  return name === 'label' && lines.length > 0 ? [lines.join(' ')] : lines
}
