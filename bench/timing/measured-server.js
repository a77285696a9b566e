/**
 * The service as it is built, of which one cause is slower on purpose: a request with the header `x-planted: 1` waits for PLANTED_US
 * microseconds with the processor, and so many times as long with another number, as a leak would. A run that does not notice says nothing.
 */
import { Server } from 'node:http'

const plantedMs = Number(process.env.PLANTED_US) / 1000

const { emit } = Server.prototype
Server.prototype.emit = function (event, ...args) {
  if (event === 'request') {
    const until = performance.now() + Number(args[0].headers['x-planted'] ?? 0) * plantedMs
    while (performance.now() < until);
  }
  return emit.call(this, event, ...args)
}

await import('../measured-server.js')
