import { forkServer } from '../../fork-server.ts'
import { processorTimeOf } from '../../processor-time.ts'
import type { StartVariant } from './variant.ts'

export const startStock: StartVariant = async ({ contacts, denied }) => {
  const { pid, url, stop } = await forkServer(new URL('../stock-server/server.js', import.meta.url), {
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
