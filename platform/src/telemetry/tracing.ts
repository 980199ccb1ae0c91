import {
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

/** Without a collector nothing is recorded, and a span costs nothing. */
let recording = false

export interface SpanOptions {
  /** Names and numbers; never what somebody wrote, and nothing that identifies a person. */
  attributes?: Attributes
  /** 'server' begins what another process or a client asked for, 'client' asks another, 'consumer' does what was asked for earlier. */
  kind?: 'server' | 'client' | 'consumer' | 'internal'
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
}

/** Sends the spans of this process to a collector that speaks OTLP over HTTP (`http://127.0.0.1:4318`). */
export function startTracing({ endpoint, service }: { endpoint: string; service: string }): { close(): Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
  recording = true
  return {
    async close() {
      recording = false
      await provider.shutdown()
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

/** Does the work in a span under the one that is open, and notes its failure. */
export function traced<T>(name: string, { attributes = {}, kind = 'internal' }: SpanOptions, work: () => T): T {
  if (!recording) return work()
  const tracer = trace.getTracer('passerelle')
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes }, (span) => {
    const fail = (error: unknown): never => {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' })
      span.end()
      throw error
    }
    try {
      const result = work()
      if (!(result instanceof Promise)) {
        span.end()
        return result
      }
      return result.then((value: unknown) => {
        span.end()
        return value
      }, fail) as T
    } catch (error) {
      return fail(error)
    }
  })
}

/** Headers that let another process go on under the open span. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  if (recording) propagation.inject(context.active(), headers)
  return headers
}

/** Does the work under the span that another process has open. */
export function underTrace<T>(headers: Record<string, unknown>, work: () => T): T {
  return recording ? underContext(propagation.extract(context.active(), headers), work) : work()
}

/** Does the work under a span that is not the open one. */
export function underContext<T>(parent: Context, work: () => T): T {
  return recording ? context.with(parent, work) : work()
}
