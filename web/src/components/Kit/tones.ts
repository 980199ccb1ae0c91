/** What a state's colour says: nothing yet, on its way, done, to look at, lost. */
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'error'

/** The background and ink of each tone, readable on both themes. */
export const tones: Record<Tone, string> = {
  neutral: 'bg-elevated text-toned',
  info: 'bg-info/10 text-info',
  success: 'bg-success/10 text-success',
  warning: 'bg-warning/10 text-warning',
  error: 'bg-error/10 text-error',
}
