/**
 * The service as it is built, of which one cause is slower on purpose: a request with the header `x-planted: 1` waits for PLANTED_US
 * microseconds with the processor, as a leak would. A run that does not notice says nothing.
 */
import { Server } from 'node:http'

const plantedMs = Number(process.env.PLANTED_US) / 1000

const { emit } = Server.prototype
Server.prototype.emit = function (event, ...args) {
  if (event === 'request') {
    const until = performance.now() + (args[0].headers['x-planted'] === '1' ? plantedMs : 0)
    while (performance.now() < until);
  }
  return emit.call(this, event, ...args)
}

await import('../measured-server.js')
