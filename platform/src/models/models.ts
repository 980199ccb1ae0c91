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
  /** Whether one of them, answering or not, may be told the organisation's words: one in the house, or one that it has allowed. */
  configuredFor(organizationId: string, engine?: 'models' | 'speech'): Promise<boolean>
  /** What answers this organisation now, by name; checked in the background, never slow. */
  capabilities(organizationId: string): Promise<Capabilities>
  /**
   * Streams the answer's text; the last event carries the measures. Aborting the signal, or leaving the loop, stops the model and frees the
   * lease; so does the end of the model's answer, however slowly it is read. A prompt that cannot fit the model throws InvalidInput.
   */
  complete(request: CompletionRequest): AsyncIterable<CompletionEvent>
  /**
   * One vector per text, in order; `model` names the space that they lie in, in which alone they can be compared. Another model never steps in
   * for the organisation's own, and one that is asked for by its `space` has to be there. Long lists go in batches, with a lease for each, so that a question gets in between.
   */
  embed(request: EmbeddingRequest): Promise<{ model: string; vectors: number[][] }>
  /**
   * What is said in a sound file of this machine, in order. The file is streamed to the server. One that the server cannot read, or that holds
   * no sound, throws InvalidInput.
   */
  transcribe(request: TranscriptionRequest): Promise<Transcript>
  /** Every configured server, in the order in which they are asked; what transcribes comes last. */
  servers(): ServerState[]
  /** What the servers that answer have, backups left out; never older than a few seconds. */
  list(): Promise<ModelEntry[]>
  /** The models of the server that keeps its own. They are the installation's: whoever may use this must be trusted by all of it. */
  readonly library: ModelLibrary
  /** Consents or routes of the organisation have changed: from now on in this process, and in a few seconds in others. */
  policyChanged(organizationId: string): void
  /** The queue that every call waits in. */
  readonly queue: Semaphore
  /** Throws EngineUnavailable, of 'models' or of 'speech', when a server is configured and does not answer. */
  health(): Promise<void>
  close(): Promise<void>
}

export interface ServerState {
  name: ProviderName
  /** host[:port]. */
  host: string
  /** What is sent there leaves the house: it is, for an organisation that has allowed it alone. */
  outside: boolean
  answers: boolean
}

export type ProviderName = 'ollama' | 'openai' | 'speech'

export interface ModelEntry {
  name: string
  provider: ProviderName
  digest: string | null
  sizeBytes: number | null
  /** As the server prints them: `7.2B`, `Q4_K_M`. */
  parameters: string | null
  quantization: string | null
  /** Tokens. */
  contextLength: number | null
  skills: ('chat' | 'embedding' | 'speech')[]
  /** On the card, or in memory, now; null when the server does not say. */
  loaded: boolean | null
  outside: boolean
}

/**
 * Names are Ollama's (`mistral`, `qwen3:8b`, `hf.co/…`); one without tag means `latest`. InvalidInput for what is no name, is not to be had, or
 * lies at a registry that is not allowed; NotFound for what is not there; EngineUnavailable('models') when no such server answers.
 */
export interface ModelLibrary {
  /** The whole name of a model that can be pulled, with its tag. */
  nameOf(typed: string): string
  /** Ends when the model is there. An aborted pull goes on where it was when it is asked for again. */
  pull(model: string, signal: AbortSignal): AsyncIterable<PullProgress>
  remove(model: string): Promise<void>
  /** Keeps the model as it is now under a dated name; costs no disk until the original changes. */
  backUp(model: string): Promise<ModelBackup>
  /** Gives the original its name back, in place of what has it now. NotFound when the backup is gone, or is not what it was. */
  restore(backup: Pick<ModelBackup, 'model' | 'copy' | 'digest'>): Promise<void>
  /** Names of the backups that are there; none while no such server answers. */
  backups(): string[]
}

export interface PullProgress {
  /** What the server is doing, in its words. */
  status: string
  completedBytes: number
  /** As far as it is known yet. */
  totalBytes: number | null
}

export interface ModelBackup {
  model: string
  /** The name of the copy. */
  copy: string
  digest: string | null
  sizeBytes: number | null
  madeAt: Date
}

/** Names of models; null where there is none that answers. What embeds is named as the space its vectors lie in. */
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
  /** For a question to vectors of another model than the organisation's present one: the space that they lie in. */
  space?: string
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
  /** Time with a lease of the card; 0 of a server outside the house. */
  gpuMs: number
  outcome: 'done' | 'failed' | 'cancelled'
  error: string | null
  startedAt: Date
}
