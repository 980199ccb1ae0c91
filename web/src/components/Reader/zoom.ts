/** `fit` fills the width; a number is the scale against the printed size. */
export type Zoom = 'fit' | number

const steps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3]
const cssPixelsPerPoint = 96 / 72

/** CSS pixels per point for a page of `pageWidth` points in `room` CSS pixels. */
export function cssScale(zoom: Zoom, { pageWidth, room }: { pageWidth: number; room: number }): number {
  if (zoom !== 'fit') return zoom * cssPixelsPerPoint
  return Math.max(0.1, Math.min(room / pageWidth, 2.5))
}

/** The next step from the scale on screen, up or down. */
export function stepZoom(scale: number, direction: 1 | -1): number {
  const zoom = scale / cssPixelsPerPoint
  const margin = 0.01
  const next =
    direction > 0 ? steps.find((step) => step > zoom + margin) : steps.findLast((step) => step < zoom - margin)
  return next ?? (direction > 0 ? 3 : 0.5)
}

/** The scale on screen as a fraction of the printed size. */
export function zoomFraction(scale: number): number {
  return scale / cssPixelsPerPoint
}
