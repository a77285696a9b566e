import { processorTimeOf } from '../processor-time.ts'
import { forkServer, type StartVariant } from './variant.ts'

export const startStock: StartVariant = async ({ contacts, denied }) => {
  const { pid, url, stop } = await forkServer('stock-server/server.js', {
    tell: { contacts, denied },
    env: { NODE_ENV: 'production' },
  })
  return {
    name: 'stock',
    address: { protocol: 'graphql', urls: [url], tokens: {} },
    processorTime: () => processorTimeOf(pid),
    stop,
  }
}
