/** A file that came inside another; it is a document of its own. */
export interface Attachment {
  filename: string
  contentType: string
  bytes: Uint8Array
}
