import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BEAT_MS = 2_000
const STALE_MS = 30_000

/**
 * Runs `work` while no other process of this machine runs work under the same lock file; waits for its turn. A holder that was
 * killed is recognised by its process or its heartbeat having ended.
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true })
  await acquire(file)
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    rmSync(file, { force: true })
  }
}

async function acquire(file) {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder(file)
    if (holder && !holder.alive) takeAway(file, holder)
    else if (!told) console.error('Waiting for another start that is preparing this folder …')
    await sleep(200)
  }
}

function readHolder(file) {
  try {
    const pid = readFileSync(file, 'utf8')
    return { pid, alive: Date.now() - statSync(file).mtimeMs < STALE_MS && isRunning(Number(pid)) }
  } catch {
    return undefined
  }
}

/** Renaming first makes sure that of two who find the same dead holder, only one removes it. */
function takeAway(file, { pid }) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    const taken = readFileSync(aside, 'utf8')
    if (taken === pid) rmSync(aside)
    else renameSync(aside, file)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isRunning(pid) {
  if (!pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
