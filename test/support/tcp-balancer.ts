import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type TcpBalancer = {
  /** Of the path given, by way of the balancer. */
  readonly url: (scheme: 'http' | 'ws') => string
  readonly close: () => Promise<void>
}

/** One address for several instances, in turn: a new connection goes to the next that takes it. */
export async function tcpBalancer(targets: () => readonly string[]): Promise<TcpBalancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer((near) => {
    sockets.add(near)
    near.on('error', () => near.destroy())
    near.on('close', () => sockets.delete(near))
    join(near, targets().length)
  })

  const join = (near: Socket, left: number): void => {
    const all = targets()
    const target = all[turn % all.length]
    turn += 1
    if (left === 0 || target === undefined) {
      near.destroy()
      return
    }
    const { hostname, port } = new URL(target)
    const far = connect({ host: hostname, port: Number(port) })
    let joined = false
    far.on('error', () => {
      if (joined) near.destroy()
      else join(near, left - 1)
    })
    far.once('connect', () => {
      joined = true
      near.pipe(far)
      far.pipe(near)
      far.on('close', () => near.destroy())
      near.on('close', () => far.destroy())
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (scheme) => `${scheme}://127.0.0.1:${String(port)}/graphql`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
