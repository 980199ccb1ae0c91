/** What one document may cost. Times are milliseconds of work, not of waiting for a free child. */
export interface ReadingLimits {
  bytes: number
  pages: number
  /** Reading native text, whole document; then recognising pictures, whole document. */
  extraction: number
  recognition: number
  /** Longest silence: opening a document or reading one page; recognising one page. */
  extractionStall: number
  recognitionStall: number
  /** Pages that may kill their child before the rest is left unread. */
  faults: number
}

export const READING_LIMITS: ReadingLimits = {
  bytes: 50_000_000,
  pages: 500,
  extraction: 60_000,
  recognition: 100_000,
  extractionStall: 15_000,
  recognitionStall: 45_000,
  faults: 3,
}
