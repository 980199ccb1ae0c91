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

declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    fileName: string
    compressedSize: number
    uncompressedSize: number
    isEncrypted(): boolean
  }
  export interface ZipFile {
    eachEntry(): AsyncIterable<Entry>
    openReadStreamPromise(entry: Entry): Promise<Readable>
    close(): void
  }
  export function openPromise(path: string, options?: { autoClose?: boolean }): Promise<ZipFile>
}
