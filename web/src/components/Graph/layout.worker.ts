import Graph from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'

/** Where each entity stands; those that stood somewhere already begin from there. */
export interface LayoutRequest {
  turn: number
  nodes: { id: string; x: number; y: number }[]
  edges: { from: string; to: string }[]
}

export interface LayoutAnswer {
  turn: number
  places: Record<string, { x: number; y: number }>
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const graph = new Graph({ multi: true })
  for (const { id, x, y } of data.nodes) graph.addNode(id, { x, y, size: 6 })
  for (const { from, to } of data.edges) graph.addEdge(from, to)
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    linLogMode: true,
    outboundAttractionDistribution: true,
    gravity: 1.2,
    scalingRatio: 12,
    slowDown: 2,
  }
  const answer: LayoutAnswer = {
    turn: data.turn,
    places: forceAtlas2(graph, { iterations: 350, settings }) as LayoutAnswer['places'],
  }
  self.postMessage(answer)
}
