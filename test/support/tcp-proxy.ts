import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type TcpProxy = {
  /** The given URL, by way of the proxy. */
  readonly url: string
  /** From now on the connections that are open carry nothing and are not closed, as when a cable is cut; new ones work. */
  readonly goSilent: () => void
  /** From now on connections are cut, those that are open and those that are tried, as when the server is stopped. */
  readonly unplug: () => void
  /** New connections work again; those that are silent stay so. */
  readonly plugIn: () => void
  /** From now on connections carry nothing, those that are open and those that are made: as when the server is frozen. */
  readonly freeze: () => void
  /** New connections work again; those that were silent are cut. */
  readonly thaw: () => void
  /** From now on new connections lead to another server, and those that are open are cut: as an address does after a failover. */
  readonly leadTo: (target: string) => void
  /** How many connections have been made in all. */
  readonly connections: () => number
  /** How often something has been sent after an answer, or as the first thing, over all connections. */
  readonly roundTrips: () => number
  readonly close: () => Promise<void>
}

/**
 * Stands between the product and a server, and can fail as networks do. With an `application`, only those connections fail and are
 * counted that give PostgreSQL this name; all others pass through.
 */
export async function tcpProxy(
  target: string,
  { application }: { readonly application?: string } = {},
): Promise<TcpProxy> {
  let { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const others = new Set<Socket>()
  let connections = 0
  let roundTrips = 0
  let plugged = true
  let frozen = false
  const keep = (socket: Socket, among: Set<Socket>): void => {
    among.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => among.delete(socket))
  }
  const passOn = (near: Socket, among: Set<Socket>): Socket => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    keep(near, among)
    keep(far, among)
    const refuse = (): void => void near.resetAndDestroy()
    far.once('error', refuse)
    far.once('connect', () => far.off('error', refuse))
    near.pipe(far)
    far.pipe(near)
    return far
  }
  const accept = (near: Socket): void => {
    connections += 1
    if (!plugged) {
      near.on('error', () => near.destroy())
      near.resetAndDestroy()
      return
    }
    if (frozen) {
      keep(near, sockets)
      near.resume()
      return
    }
    const far = passOn(near, sockets)
    let answered = true
    far.on('data', () => (answered = true))
    near.on('data', () => {
      if (answered) roundTrips += 1
      answered = false
    })
  }
  const acceptOnly = (name: string, near: Socket): void => {
    near.once('error', () => near.destroy())
    near.once('data', (startUp) => {
      near.pause()
      near.unshift(startUp)
      if (startUp.includes(`application_name\0${name}\0`)) accept(near)
      else passOn(near, others)
    })
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (application === undefined) accept(near)
    else acceptOnly(application, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const goSilent = (): void => {
    for (const socket of sockets) {
      socket.unpipe()
      socket.pause()
    }
  }
  return {
    url: url.href,
    goSilent,
    freeze() {
      frozen = true
      goSilent()
    },
    thaw() {
      frozen = false
      for (const socket of sockets) socket.destroy()
    },
    unplug() {
      plugged = false
      for (const socket of sockets) socket.destroy()
    },
    plugIn() {
      plugged = true
    },
    leadTo(next) {
      ;({ hostname, port } = new URL(next))
      for (const socket of sockets) socket.destroy()
    },
    connections: () => connections,
    roundTrips: () => roundTrips,
    async close() {
      for (const socket of [...sockets, ...others]) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
