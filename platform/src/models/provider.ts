import type {
  ChatMessage,
  EmbeddingRequest,
  ProviderName,
  PullProgress,
  Transcript,
  TranscriptionRequest,
} from './models.ts'

/** A server of models, as the router sees it. It neither queues, retries nor records: that is the router's. Everything throws ModelFailure. */
export interface ModelServer {
  readonly name: ProviderName
  /** Every model there is; the most recently changed first. */
  list(signal: AbortSignal): Promise<ProviderModel[]>
}

/** A server whose models write and embed. */
export interface ModelProvider extends ModelServer {
  /** What else it lets be done with its models; null for a server whose models are its operator's business. */
  readonly library: LibraryProvider | null
  /** Streams text, then one end. Aborting the signal ends the request at the server and throws the signal's reason. */
  chat(call: ChatCall, signal: AbortSignal): AsyncIterable<ChatPart>
  /** One vector per text, in order, all of one length. What is longer than the model's context does not count. */
  embed(call: EmbedCall, signal: AbortSignal): Promise<{ vectors: number[][]; inputTokens: number | null }>
}

/** What a server that keeps models of its own lets be done with them. */
export interface LibraryProvider {
  /** Names of the models that are on the card, or in memory, now. */
  loaded(signal: AbortSignal): Promise<string[]>
  /** Brings a model, or its newer version, to the server; ends when it is there. What has come of an aborted one is kept for the next. */
  pull(model: string, signal: AbortSignal): AsyncIterable<PullProgress>
  remove(model: string, signal: AbortSignal): Promise<void>
  /** A second name for the same weights; replaces what has that name. */
  copy(names: { from: string; to: string }, signal: AbortSignal): Promise<void>
}

/** A server that turns speech into text. */
export interface SpeechProvider extends ModelServer {
  /** The file is streamed; one that cannot be read throws as the file system says it. Times never go back and never pass the end. */
  transcribe(call: SpeechCall, signal: AbortSignal): Promise<Omit<Transcript, 'model'>>
}

export interface SpeechCall extends Pick<TranscriptionRequest, 'path' | 'fileName' | 'mimeType' | 'language'> {
  model: ProviderModel
}

export type Skill = 'chat' | 'embedding' | 'speech'

export interface ProviderModel {
  name: string
  digest: string | null
  /** What it takes of the card, MiB. */
  sizeMiB: number
  skills: readonly (Skill | 'thinking')[]
  /** Tokens; null when the server does not say. */
  contextLength: number | null
  /** What the server says of it beside; null when it says nothing. */
  details: { sizeBytes: number; parameters: string | null; quantization: string | null } | null
}

export interface ChatCall {
  model: ProviderModel
  messages: readonly ChatMessage[]
  temperature: number
  maxTokens: number
}

export type ChatPart =
  | { type: 'token'; text: string }
  | { type: 'end'; inputTokens: number | null; outputTokens: number | null }

export interface EmbedCall {
  model: ProviderModel
  texts: readonly string[]
  purpose: EmbeddingRequest['purpose']
}

/**
 * Why a call failed. `unreachable`: no connection, or it broke before an answer. `failing`: the server says it cannot. `refused`: it says the
 * request is wrong (no such model …). `slow`: no token in time. `broken`: the answer stopped, or made no sense, half-way.
 */
export type FailureKind = 'unreachable' | 'failing' | 'refused' | 'slow' | 'broken'

export class ModelFailure extends Error {
  readonly kind: FailureKind
  /** The HTTP status, when there was one. */
  readonly status: number | null
  /** When the server said that it may be asked again, milliseconds from then. */
  readonly retryAfterMs: number | null
  constructor(
    kind: FailureKind,
    message: string,
    {
      cause,
      status = null,
      retryAfterMs = null,
    }: { cause?: unknown; status?: number | null; retryAfterMs?: number | null } = {},
  ) {
    super(message)
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.name = 'ModelFailure'
    this.kind = kind
    this.cause = cause
  }
}
