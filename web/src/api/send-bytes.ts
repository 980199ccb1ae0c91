interface Grant {
  url: string
  method: string
  headers: { name: string; value: string }[]
}

interface Options {
  onProgress: (fraction: number) => void
  signal: AbortSignal
}

/** Why the server did not take the bytes; `code` is its stable code, or OUTAGE when it gave none. */
export class BytesRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Sends a file to a granted address. XMLHttpRequest, because fetch does not tell how much has left. Gives the id of the document
 * that holds these bytes, which may be an older one.
 */
export function sendBytes(grant: Grant, file: File, { onProgress, signal }: Options): Promise<{ documentId: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(grant.method, grant.url)
    for (const { name, value } of grant.headers) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const { documentId, code, message } = parseAnswer(request.responseText)
      if (request.status < 300 && documentId) resolve({ documentId })
      else
        reject(
          new BytesRefused(
            code ?? (request.status === 413 ? 'TOO_LARGE' : 'OUTAGE'),
            message ?? `HTTP ${request.status}`,
          ),
        )
    }
    request.onerror = () => reject(new BytesRefused('OUTAGE', 'network'))
    request.onabort = () => reject(new BytesRefused('STOPPED', 'stopped'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function parseAnswer(text: string): { documentId?: string; code?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return {}
    const { documentId, code, message } = value as Record<string, unknown>
    return {
      ...(typeof documentId === 'string' && { documentId }),
      ...(typeof code === 'string' && { code }),
      ...(typeof message === 'string' && { message }),
    }
  } catch {
    return {}
  }
}
