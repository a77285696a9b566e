import { processorTimeOf } from '../processor-time.ts'
import { watchersOf } from '../scene.ts'
import { forkServer, type StartVariant } from './variant.ts'

export const startBare: StartVariant = async (scene) => {
  const { pid, url, stop } = await forkServer('bare-server.js', {
    tell: { watchers: Object.fromEntries(watchersOf(scene)) },
  })
  return { name: 'bare', address: { protocol: 'bare', url }, processorTime: () => processorTimeOf(pid), stop }
}
