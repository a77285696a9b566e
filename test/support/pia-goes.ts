import { actsOverApi } from './acts-over-api.ts'
import { newUser } from './new-user.ts'
import { tokenOf, type TestApp } from './start-app.ts'

/** A user of an app, and what they do over its API. */
export type ActingUser = ReturnType<typeof actsOverApi> & { readonly id: string; readonly token: string }

/** A presentity and a watcher. */
export type ActingPair = { readonly pia: ActingUser; readonly wim: ActingUser }

export type ActOfPair = (pair: ActingPair) => Promise<unknown>

export async function actingPair(app: TestApp): Promise<ActingPair> {
  const [pia, wim] = await Promise.all(['pia', 'wim'].map((name) => actingUser(app, newUser(name))))
  return { pia: pia!, wim: wim! }
}

export async function actingUser(app: TestApp, id: string): Promise<ActingUser> {
  const token = await tokenOf(id)
  return { ...actsOverApi(app, token), id, token }
}

/** All that makes Pia, who is shown to Wim, Offline to Wim: a departure, and what Pia decides. */
export const PIA_GOES = {
  'the session ends': ({ pia }) => pia.disconnect(),
  'Pia blocks Wim': ({ pia, wim }) => pia.decide(wim.id, 'BLOCKED'),
  'Pia deletes the decision': ({ pia, wim }) => pia.forget(wim.id),
  'Pia appears offline': ({ pia }) => pia.appearOffline(true),
} as const satisfies Record<string, ActOfPair>
