import { inWords, takeMany } from './live-many.ts'

/**
 * npm run simulate -- [how many schedules] [first seed]: as many as wanted, of seeds that nobody has taken before. Tells how far it is
 * once a second, and ends with 1 at the first schedule that breaks a promise.
 */
const [count = 100_000, from = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
if (![count, from].every(Number.isSafeInteger))
  throw new Error('npm run simulate -- [how many] [first seed], whole numbers')

const began = performance.now()
let toldAt = began
const found = await takeMany({
  from,
  count,
  onProgress(done) {
    const now = performance.now()
    if (now - toldAt < 1000 && done < count) return
    toldAt = now
    const perSecond = Math.round((1000 * done) / (now - began))
    process.stdout.write(
      `${done} of ${count} schedules from seed ${from} on kept every promise; ${perSecond} a second\n`,
    )
  },
})
if (found !== null) {
  process.stdout.write(`${await inWords(found)}\n`)
  process.exitCode = 1
}
