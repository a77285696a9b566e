import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of `/proc/<pid>/stat`; the kernel shows times to processes in this unit, whatever it counts in. */
const TICK_US = 10_000

/** CPU time of a process with all its threads, in microseconds. */
export async function processorTimeOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const times = await Promise.all(threads.map((thread) => timeOfThread(`/proc/${pid}/task/${thread}`)))
  return times.reduce((sum, each) => sum + each, 0)
}

/** The same of PostgreSQL with all its backends, those that have ended among them. */
export async function processorTimeOfCluster(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })))
  const backends = stats.filter(({ stat }) => stat?.parent === postmaster).map(({ pid }) => pid)
  const times = await Promise.all([postmaster, ...backends].map(processorTimeOf))
  const ended = (await statOf(postmaster))?.endedChildren ?? 0
  return times.reduce((sum, each) => sum + each, ended)
}

/** The first process of the cluster that keeps its data somewhere below a folder. */
export async function postmasterIn(dataFolder: string): Promise<number> {
  const files = await readdir(dataFolder, { recursive: true })
  const file = files.find((name) => name.endsWith('postmaster.pid'))
  if (file === undefined) throw new Error('PostgreSQL does not run')
  return Number((await readFile(join(dataFolder, file), 'utf8')).split('\n')[0])
}

/** In nanoseconds, as the scheduler counts it. */
async function timeOfThread(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'schedstat'), 'utf8').catch(() => '0')
  return Number(text.split(' ')[0]) / 1000
}

async function statOf(pid: number): Promise<{ parent: number; endedChildren: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [parent = 0, user = 0, system = 0] = [1, 13, 14].map((place) => fields[place])
  return { parent, endedChildren: (user + system) * TICK_US }
}
