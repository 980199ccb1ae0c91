/**
 * Refusals are what a caller can act on. Domain functions throw them; a mutation's union carries them to the client. Everything
 * else that is thrown is a bug or an outage, and is masked.
 */
export class Refusal extends Error {
  readonly code: string
  /** What a query, which has no union to answer with, tells its client: GraphQL takes this over into the error. */
  readonly extensions: { code: string; engine?: string }
  constructor(code: string, message: string, errorCode: string = code) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.extensions = { code: errorCode }
  }
}

/** Nobody is logged in, or the session has ended. */
export class Unauthenticated extends Refusal {
  constructor(message = 'Log in first.') {
    super('UNAUTHENTICATED', message)
  }
}

export class NotFound extends Refusal {
  constructor(message = 'There is nothing here under this id.') {
    super('NOT_FOUND', message)
  }
}

export class NotAllowed extends Refusal {
  constructor(message = 'Your role does not allow this.') {
    super('NOT_ALLOWED', message, 'FORBIDDEN')
  }
}

export class InvalidInput extends Refusal {
  /** Where in the input the fault is, outermost name first. */
  readonly path: string[] | null
  constructor(message: string, path: string[] | null = null) {
    super('INVALID_INPUT', message, 'BAD_USER_INPUT')
    this.path = path
  }
}

export class QuotaExceeded extends Refusal {
  readonly limit: number
  readonly used: number
  readonly resetsAt: Date | null
  constructor({
    message,
    limit,
    used,
    resetsAt = null,
  }: {
    message: string
    limit: number
    used: number
    resetsAt?: Date | null
  }) {
    super('QUOTA_EXCEEDED', message)
    this.limit = limit
    this.used = used
    this.resetsAt = resetsAt
  }
}

/** An engine does not answer. Ports throw it; what needs the engine says so, nothing else fails. */
export class EngineUnavailable extends Refusal {
  readonly engine: string
  constructor(engine: string, cause?: unknown) {
    super('ENGINE_UNAVAILABLE', `The ${engine} engine does not answer; this works again as soon as it does.`)
    this.engine = engine
    this.extensions.engine = engine
    this.cause = cause
  }
}
