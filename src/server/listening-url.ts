import type { AddressInfo } from 'node:net'

/** An address that means "all of mine" is written as the loopback one: something that can be opened. */
export function listeningUrl({ address, family, port }: AddressInfo, path: string): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${String(port)}${path}`
}
