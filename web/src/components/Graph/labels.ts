import type { NodeHoverDrawingFunction, NodeLabelDrawingFunction } from 'sigma/rendering'

interface Ink {
  text: string
  back: string
  strong: string
}

type Context = Parameters<NodeLabelDrawingFunction>[0]
type Data = Parameters<NodeLabelDrawingFunction>[1]
type Settings = Parameters<NodeLabelDrawingFunction>[2] & { ink: Ink }

const longest = 34

/**
 * Writes a node's name beside it, with a halo of the page's colour so that lines do not cross the letters. At the right edge
 * it stands on the left.
 */
export function drawLabel(
  context: Context,
  data: Data,
  { labelSize, labelFont, labelWeight, ink }: Settings,
): ReturnType<NodeLabelDrawingFunction> {
  if (!data.label) return
  const text = data.label.length > longest ? `${data.label.slice(0, longest - 1)}…` : data.label
  context.font = `${labelWeight} ${labelSize}px ${labelFont}`
  context.lineWidth = 4
  context.lineJoin = 'round'
  context.strokeStyle = ink.back
  const right = data.x + data.size + 4
  const width = context.measureText(text).width
  const left = right + width > context.canvas.clientWidth ? Math.max(2, data.x - data.size - 4 - width) : right
  context.strokeText(text, left, data.y + labelSize / 3)
  context.fillStyle = ink.text
  context.fillText(text, left, data.y + labelSize / 3)
}

/** Rings the node under the pointer, or the chosen one, and writes its name over everything else. */
export function drawHover(context: Context, data: Data, settings: Settings): ReturnType<NodeHoverDrawingFunction> {
  context.beginPath()
  context.arc(data.x, data.y, data.size + 4, 0, Math.PI * 2)
  context.lineWidth = 2.5
  context.strokeStyle = settings.ink.strong
  context.stroke()
  drawLabel(context, data, { ...settings, labelWeight: '600' })
}
