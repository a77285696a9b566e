import { once } from 'node:events'
import { createServer } from 'node:net'

/** The port if nobody listens on it, else 0, which is any free one: the demo runs beside what a person has running already. */
export async function freePort(preferred: number): Promise<number> {
  const probe = createServer()
  try {
    await once(probe.listen(preferred, '127.0.0.1'), 'listening')
    return preferred
  } catch {
    return 0
  } finally {
    probe.close()
  }
}
