// The parts we use of libraries that come without types.

declare module 'heic-decode' {
  export default function decode(options: { buffer: Uint8Array }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>
}
