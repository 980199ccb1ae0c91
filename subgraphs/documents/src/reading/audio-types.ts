/** The kinds of sound that browsers play and speech servers hear. */
export const AUDIO_TYPES = [
  'audio/mpeg',
  'audio/wav',
  'audio/ogg',
  'audio/flac',
  'audio/mp4',
  'audio/aac',
  'audio/webm',
] as const

/** One of AUDIO_TYPES. */
export type AudioType = (typeof AUDIO_TYPES)[number]

/** True for the content types of sound. */
export function isAudio(contentType: string): contentType is AudioType {
  return AUDIO_TYPES.some((type) => type === contentType)
}
