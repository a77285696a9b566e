/** `tsx tools/tool.ts <tool> [arguments]`: runs one of the gate's tools in the root folder, and installs them first if need be. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { installPackage } from './install-package.ts'

const [tool = '', ...args] = process.argv.slice(2)

installPackage('tools')
const { status, error } = spawnSync(join(import.meta.dirname, 'node_modules', '.bin', tool), args, {
  cwd: join(import.meta.dirname, '..'),
  // graphql-codegen looks for its plugins from the working folder upwards, where they are not.
  env: { ...process.env, NODE_PATH: join(import.meta.dirname, 'node_modules') },
  stdio: 'inherit',
})
if (error !== undefined) console.error(error.message)
process.exit(status ?? 1)
