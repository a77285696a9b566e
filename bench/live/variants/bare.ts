import { forkServer } from '../../fork-server.ts'
import { processorTimeOf } from '../../processor-time.ts'
import { watchersOf } from '../scene.ts'
import type { StartVariant } from './variant.ts'

export const startBare: StartVariant = async (scene) => {
  const { pid, url, stop } = await forkServer(new URL('../bare-server.js', import.meta.url), {
    tell: { watchers: Object.fromEntries(watchersOf(scene)) },
  })
  return { name: 'bare', address: { protocol: 'bare', url }, processorTime: () => processorTimeOf(pid), stop }
}
