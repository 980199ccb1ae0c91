import type { Semaphore } from '../coordination/coordination.ts'

/**
 * The house's models: which there are, and calls to them. Every call takes a lease of the inference queue first, and is told to the `onCall`
 * listener when it ends, however it ends. When no server is configured, or none answers, `complete` and `embed` throw
 * EngineUnavailable('models'), `transcribe` throws EngineUnavailable('speech'), and `capabilities` says so, so that callers fall back to what
 * needs no model before they ask.
 */
export interface Models {
  /** Whether a server is configured at all, answering or not: one of written models ('models', unless told), or one of speech. Constant. */
  configured(engine?: 'models' | 'speech'): boolean
  /** What answers this organisation now, by name; checked in the background, never slow. */
  capabilities(organizationId: string): Promise<Capabilities>
  /**
   * Streams the answer's text; the last event carries the measures. Aborting the signal, or leaving the loop, stops the model and frees the
   * lease; so does the end of the model's answer, however slowly it is read. A prompt that cannot fit the model throws InvalidInput.
   */
  complete(request: CompletionRequest): AsyncIterable<CompletionEvent>
  /** One vector per text, in order. Long lists go in batches, with a lease for each, so that a question gets in between. */
  embed(request: EmbeddingRequest): Promise<{ model: string; vectors: number[][] }>
  /**
   * What is said in a sound file of this machine, in order. The file is streamed to the server. One that the server cannot read, or that holds
   * no sound, throws InvalidInput.
   */
  transcribe(request: TranscriptionRequest): Promise<Transcript>
  /** The queue that every call waits in. */
  readonly queue: Semaphore
  /** Throws EngineUnavailable, of 'models' or of 'speech', when a server is configured and does not answer. */
  health(): Promise<void>
  close(): Promise<void>
}

/** Names of models; null where there is none that answers. */
export interface Capabilities {
  chat: string | null
  embedding: string | null
  speech: string | null
}

export interface CallContext {
  organizationId: string
  userId: string | null
  /** What the call is for, in the words of the queue's live view: 'ask', 'embed chunks'. */
  task: string
  priority: 'interactive' | 'batch'
  signal?: AbortSignal
  /** Told the place in the queue (1 = next) while the call waits. */
  onPlace?: (place: number) => void
  /** Told the record when the call has ended, however it ended; awaited, and its failure only logged. */
  onCall?: (call: ModelCall) => void | Promise<void>
}

export interface CompletionRequest extends CallContext {
  messages: readonly ChatMessage[]
  temperature?: number
  /** 1,024 unless given. */
  maxTokens?: number
  /** Name and version of the prompt template, for the record. */
  prompt: string
  /** This model rather than the one that would be chosen; InvalidInput when there is none of that name that can write. */
  model?: string
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export type CompletionEvent = { type: 'token'; text: string } | { type: 'end'; call: ModelCall; text: string }

export interface EmbeddingRequest extends CallContext {
  texts: readonly string[]
  /** Many models want a question and a passage told apart; the port adds what the model was trained with. */
  purpose: 'passage' | 'query'
}

export interface TranscriptionRequest extends CallContext {
  /** A file on this machine. */
  path: string
  /** As the server is told; its ending says the format where the type does not. */
  fileName: string
  mimeType: string
  /** What is spoken, when it is known; otherwise the model finds out. */
  language?: 'fr' | 'en'
}

export interface Transcript {
  model: string
  /** ISO 639-1; null when the server does not say. */
  language: string | null
  durationMs: number | null
  /** In order of their start; `speaker` is null when the server does not tell speakers apart. */
  segments: { startMs: number; endMs: number; text: string; speaker: string | null }[]
}

/** The record of one call. */
export interface ModelCall {
  id: string
  organizationId: string
  userId: string | null
  task: string
  kind: 'complete' | 'embed' | 'transcribe'
  provider: string
  model: string
  digest: string | null
  prompt: string | null
  /** The messages as JSON; null for embeddings and speech, whose texts and sounds are kept where they came from. */
  input: string | null
  /** What was answered, as far as it came; null for embeddings. Of speech, the words. */
  output: string | null
  inputTokens: number | null
  outputTokens: number | null
  /** Time in the queue, and time after it. */
  waitedMs: number
  durationMs: number
  outcome: 'done' | 'failed' | 'cancelled'
  error: string | null
  startedAt: Date
}
