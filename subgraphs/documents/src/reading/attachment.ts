/** A file that came inside another; it is a document of its own. */
export interface Attachment {
  filename: string
  /** What it is known by, when that is not its name: the subject of a message. */
  title?: string
  contentType: string
  bytes: Uint8Array
}
