import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: { readonly start: string }
}

/** What `npm start` starts node with. */
export const START_OPTIONS = scripts.start.split(' ').filter((word) => word.startsWith('--'))
