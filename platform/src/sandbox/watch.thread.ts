// Runs as a thread of every child, because the child's own event loop may be inside a loop that never ends: it neither
// sees that its parent is gone nor that its memory grows.
import { workerData } from 'node:worker_threads'
import { MEMORY_SIGNAL, type Watch } from './messages.ts'

const { parent, memory } = workerData as Watch

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  if (process.memoryUsage.rss() > memory) process.kill(process.pid, MEMORY_SIGNAL)
}, 100)
