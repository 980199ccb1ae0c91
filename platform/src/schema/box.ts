/** A rectangle on a page, in fractions of its width and height, origin top left. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface PageBox {
  page: number
  box: Box
}
