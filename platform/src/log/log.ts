import { pino, type DestinationStream, type Logger } from 'pino'
import { originOfLine } from '../telemetry/origin.ts'

/** Where a process says what happened to it. `log.child({ name })` narrows it to one engine or job. */
export type Log = Logger

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** A log line outlives the request that caused it, and is read by people who may not read the data: these never reach it. */
const SECRET_KEYS = [
  'password',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'authorization',
  'cookie',
  'signingKey',
  'variables',
]

/**
 * Opens the log of one process. On a terminal the lines are for a person to read; everywhere else they are JSON, one object a
 * line, for a collector. Both go to standard error, so that standard output keeps what a command answers; `to` takes the lines of JSON instead.
 */
export function createLog({
  level = 'info',
  name,
  to,
}: {
  level?: LogLevel
  name: string
  to?: DestinationStream
}): Log {
  const plain = process.stderr.isTTY
  return pino(
    {
      level,
      base: { process: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      // A line says in whose name it was written, in a request and in the jobs and facts that follow from it.
      mixin: originOfLine,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
    },
    to ?? (plain ? readable() : pino.destination({ dest: 2, sync: true })),
  )
}

/** One plain line per event: time, level, who, what, and then whatever the event carries. */
function readable(): DestinationStream {
  return {
    write(line) {
      const {
        time,
        level,
        process: owner,
        name = owner,
        msg,
        err,
        ...rest
      } = JSON.parse(line) as Record<string, unknown>
      const error = err as { stack?: string; message?: string } | undefined
      const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
      const cause = error ? `\n  ${error.stack ?? error.message}` : ''
      process.stderr.write(
        `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${name}: ${msg ?? ''}${more}${cause}\n`,
      )
    },
  }
}
