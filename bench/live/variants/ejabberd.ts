import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processorTimeOf } from '../../processor-time.ts'
import { watchersOf, type Scene } from '../scene.ts'
import type { StartVariant } from './variant.ts'

/** Where Debian's package puts things. */
const ERLANG = '/usr/bin/erl'
const LIBRARIES = '/usr/lib/x86_64-linux-gnu'
const STARTS_WITHIN_MS = 30_000

/** Nothing that costs: no TLS, no shaping, no modules but rosters, all of it in memory, no schedulers that spin. */
export const startEjabberd: StartVariant = async (scene) => {
  if (!existsSync('/usr/sbin/ejabberdctl') || !existsSync(ERLANG)) return null
  const folder = await mkdtemp(join(tmpdir(), 'presence-privacy-ejabberd-'))
  const port = await freePort()
  await writeFile(join(folder, 'ejabberd.yml'), configuration(port))
  await writeFile(join(folder, 'scene.terms'), termsOf(scene))
  const child = spawn(
    ERLANG,
    [
      ...['-noinput', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none', '+P', '250000'],
      ...[
        '-mnesia',
        'dir',
        `"${join(folder, 'mnesia')}"`,
        '-s',
        'ejabberd',
        '-eval',
        seed(join(folder, 'scene.terms')),
      ],
    ],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        ERL_LIBS: LIBRARIES,
        EJABBERD_CONFIG_PATH: join(folder, 'ejabberd.yml'),
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const pid = child.pid ?? 0
  const exit = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exit
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    await new Promise<void>((resolve, reject) => {
      let said = ''
      const fail = (why: string): void => reject(new Error(`ejabberd ${why}: ${said.slice(-2000)}`))
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString()
          if (said.includes('READY')) resolve()
          if (said.includes('FAILED')) fail('could not be filled')
        })
      }
      child.once('exit', () => fail('ended'))
      setTimeout(() => fail('did not start'), STARTS_WITHIN_MS).unref()
    })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    name: 'ejabberd',
    address: { protocol: 'xmpp', port },
    processorTime: () => processorTimeOf(pid),
    stop,
  }
}

function configuration(port: number): string {
  return `
loglevel: error
hosts: [localhost]
auth_method: mnesia
auth_password_format: plain
disable_sasl_mechanisms: ["digest-md5", "X-OAUTH2", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"]
max_fsm_queue: 1000000
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    backlog: 1000
    shaper: none
    access: all
shaper_rules:
  max_user_sessions: 100
modules:
  mod_roster: {}
`
}

/** Users and rosters are written as they are stored, before anybody connects. */
function seed(file: string): string {
  return `
    {ok, _} = application:ensure_all_started(ejabberd),
    S = <<"localhost">>,
    try
      {ok, Terms} = file:consult("${file}"),
      lists:foreach(fun
        ({user, U}) -> ok = ejabberd_auth:try_register(U, S, <<"p">>);
        ({item, U, C, Subscription}) ->
          J = {C, S, <<>>},
          mnesia:dirty_write(roster, {roster, {U, S, J}, {U, S}, J, <<>>, Subscription, none, [], <<>>, []})
      end, Terms),
      io:format("READY~n")
    catch _:Error -> io:format("FAILED ~p~n", [Error]) end.`
}

function termsOf(scene: Scene): string {
  const looksAt = new Map(Object.entries(scene.contacts).map(([watcher, ids]) => [watcher, new Set(ids)]))
  const watchers = watchersOf(scene)
  looksAt.delete(scene.denied)
  const items = scene.users.flatMap((user) => {
    const others = new Set([...(looksAt.get(user) ?? []), ...(watchers.get(user) ?? [])])
    return [...others].map((other) => {
      const to = looksAt.get(user)?.has(other) ?? false
      const from = looksAt.get(other)?.has(user) ?? false
      return `{item,<<"${user}">>,<<"${other}">>,${to && from ? 'both' : to ? 'to' : 'from'}}.`
    })
  })
  return [...scene.users.map((user) => `{user,<<"${user}">>}.`), ...items].join('\n')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
