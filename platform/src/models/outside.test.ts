import { expect, it } from 'vitest'
import { isOutside } from './outside.ts'

it.each([
  'localhost',
  'ollama.localhost',
  '127.0.0.1',
  '127.8.9.1',
  '[::1]',
  '10.0.0.7',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.20',
  '169.254.10.1',
  '[fd12:3456::1]',
  '[fe80::1]',
  '[::ffff:192.168.1.20]',
  'gpu.local',
  'gpu.local.',
  'models.internal',
  'vllm',
])('%s lies in the house', (host) => expect(isOutside(new URL(`http://${host}`).hostname)).toBe(false))

it.each([
  'api.openai.com',
  'openrouter.ai',
  '172.32.0.1',
  '11.0.0.1',
  '100.64.0.1',
  '8.8.8.8',
  '[2001:4860::8888]',
  '[::ffff:8.8.8.8]',
  'local.example.com',
  'internal.example.com',
  '10.0.0.7.example.com',
])('%s lies outside', (host) => expect(isOutside(new URL(`http://${host}`).hostname)).toBe(true))
