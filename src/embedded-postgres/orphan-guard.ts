/**
 * Keeps a server from outliving us, even when we are killed with SIGKILL and can do nothing any more.
 *
 * A shell starts a guard in the background and then becomes the server, so there is no moment at which the server runs
 * unguarded, and the server is our direct child. The guard holds the read end of our pipe (file descriptor 3). A line on
 * it says that the server has ended and nothing is left to do; the end of the pipe without a line says that we are gone.
 * The kernel closes our end however we die. Measured: the server is gone some 20 ms after a SIGKILL of ours.
 *
 * The guard is a grandchild (`( ( … ) & )`), since a postmaster would wonder about a child that it did not start; it
 * writes nowhere, since it would hold the server's log open; `$$` is the first shell's id, which the server keeps.
 * A fast shutdown that has not ended after ten seconds becomes an immediate one, and that one a kill: a frozen server takes no other.
 */
const script = `
( (
  read -r ended && exit
  kill -INT $$
  for second in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 $$ || exit; done
  kill -QUIT $$
  for second in 1 2 3; do sleep 1; kill -0 $$ || exit; done
  kill -KILL $$
) <&3 >/dev/null 2>&1 & )
exec "$@" 3<&-
`

/**
 * The command, wrapped so that it ends with us. Its spawner hands a pipe as file descriptor 3 and writes a line to it
 * when the command has ended. Windows has no such shell: there a server survives when we are killed the hard way, and
 * the next start finds it in the folder and says so.
 */
export function guarded(command: readonly string[]): { program: string; args: readonly string[] } {
  if (process.platform === 'win32') return { program: command[0] ?? '', args: command.slice(1) }
  return { program: '/bin/sh', args: ['-c', script, 'embedded-postgres', ...command] }
}
