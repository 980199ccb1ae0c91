// The parts we use of libraries that come without types.

declare module 'heic-decode' {
  export default function decode(options: {
    buffer: Uint8Array
  }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>
}

declare module 'html-to-text' {
  export interface Node {
    type: string
    name?: string
    data?: string
    children?: Node[]
  }
  export interface Element extends Node {
    children: Node[]
  }
  export interface Builder {
    openBlock(options: { leadingLineBreaks: number }): void
    closeBlock(options: { trailingLineBreaks: number }): void
    addInline(text: string): void
    addLiteral(text: string): void
  }
  export type Walk = (children: Node[], builder: Builder) => void
  export type FormatOptions = Record<string, number | string | undefined>
  type Formatter = (element: Element, walk: Walk, builder: Builder, options: FormatOptions) => void
  export function compile(options: {
    wordwrap: false
    limits: { maxInputLength: number; maxDepth: number }
    formatters: Record<string, Formatter>
    selectors: { selector: string; format?: string; options?: FormatOptions }[]
  }): (html: string) => string
}

declare module 'tesseract.js-core' {
  export interface Box {
    x0: number
    y0: number
    x1: number
    y1: number
  }
  export interface PageIterator {
    Begin(): void
    Next(level: number): boolean
    Empty(level: number): boolean
    IsAtBeginningOf(level: number): boolean
    GetUTF8Text(level: number): string
    Confidence(level: number): number
    getBoundingBox(level: number): Box
    getBaseline(level: number): Box
    getRowAttributes(): { row_height: number }
    __destroy__(): void
  }
  export interface OrientationResults {
    best_result: { orientation_id: number; oconfidence: number }
  }
  export interface Api {
    Init(folder: null, languages: string, engine: number, config: null): number
    SetVariable(name: string, value: string): boolean
    SetImageFile(exif: number, angle: number): number
    Recognize(monitor: null): number
    GetIterator(): PageIterator
    DetectOS(results: OrientationResults): boolean
  }
  export interface Core {
    FS: { writeFile(path: string, data: Uint8Array): void; unlink(path: string): void }
    TessBaseAPI: new () => Api
    OSResults: new () => OrientationResults
  }
  /** Each `tesseract.js-core/tesseract-core-….js` is such a function. */
  export function startCore(options: { print(line: string): void; printErr(line: string): void }): Promise<Core>
}

declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    fileName: string
    compressedSize: number
    uncompressedSize: number
    crc32: number
    isEncrypted(): boolean
  }
  export interface ZipFile {
    eachEntry(): AsyncIterable<Entry>
    openReadStreamPromise(entry: Entry): Promise<Readable>
    close(): void
  }
  export function openPromise(path: string, options?: { autoClose?: boolean }): Promise<ZipFile>
}
