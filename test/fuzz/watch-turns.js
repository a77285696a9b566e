/**
 * Loaded into the server (`node --expose-gc --import`): tells its parent of every turn of the event loop that took longer than it may,
 * measured in processor time, so that a busy machine is none of them, and of its memory when it is asked.
 */
import { PerformanceObserver } from 'node:perf_hooks'

const EVERY_MS = 5
const LONG_MS = 50

let collected = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collected += duration
}).observe({ entryTypes: ['gc'] })

let at = performance.now()
let cpu = process.cpuUsage()
const timer = setInterval(() => {
  const now = performance.now()
  const used = process.cpuUsage(cpu)
  const late = now - at - EVERY_MS
  const busy = (used.user + used.system) / 1000 - collected
  if (late > LONG_MS && busy > LONG_MS) process.send?.({ turn: Math.round(Math.min(late, busy)) })
  at = now
  cpu = process.cpuUsage()
  collected = 0
}, EVERY_MS)
timer.unref()

process.on('message', (message) => {
  if (message !== 'memory') return
  for (let count = 0; count < 4; count++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ heap: heapUsed + external, rss })
})
process.channel?.unref()
