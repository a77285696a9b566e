// A process of its own that migrates the database of its first argument, once it hears a line on its standard input.
import { once } from 'node:events'
import { migrate } from '../../src/postgres/migrate.ts'

console.log('ready')
await once(process.stdin, 'data')
process.stdin.destroy()
await migrate({ url: process.argv[2] ?? '', log: (line) => console.log(line) })
