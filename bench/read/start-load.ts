import { startTasks } from '../child-tasks.ts'
import type { Tasks } from './load/main.ts'

export type Load = Tasks & { readonly stop: () => Promise<void> }

/** Starts the process that all clients are in. */
export function startLoad(): Load {
  return startTasks(new URL('load/main.ts', import.meta.url)) as Load
}
