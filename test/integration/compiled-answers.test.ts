import { describe, expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { POLICY } from '../support/policy.ts'
import { serveMemory } from '../support/serve-memory.ts'

/** More than it takes until an operation is compiled. */
const TIMES = 6
const ENTITIES = `query Faces($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on User { id presence { status activity note } presenceAccess } } }`
const faces = (...ids: unknown[]) => ({
  query: ENTITIES,
  variables: { representations: ids.map((id) => ({ __typename: 'User', id })) },
})

type Sent = { readonly body: unknown; readonly accept?: string; readonly token?: boolean }

const SENT: readonly (readonly [name: string, sent: Sent])[] = [
  ['faces', { body: faces('pia', 'zoe', 'nobody') }],
  ['faces by name', { body: { ...faces('pia'), operationName: 'Faces' } }],
  ['faces under a name that is not there', { body: { ...faces('pia'), operationName: 'Others' } }],
  ['faces under a name that is none', { body: { ...faces('pia'), operationName: 7 } }],
  ['faces with variables that are none', { body: { query: ENTITIES, variables: 'all' } }],
  ['no faces', { body: { query: ENTITIES } }],
  ['one face that is none', { body: faces('pia', 7) }],
  ['a document and its hash', { body: { ...faces('pia'), extensions: { persistedQuery: { version: 1 } } } }],
  [
    'own settings',
    {
      body: {
        query: '{ presencePrivacy { user { id presence { status } } contacts(first: 3) { totalCount } } }',
      },
    },
  ],
  ['too many on a page', { body: { query: '{ presencePrivacy { contacts(first: 501) { totalCount } } }' } }],
  ['faces, by nobody', { body: faces('pia'), token: false }],
  [
    'faces for a client of the newer type',
    { body: faces('pia'), accept: 'application/graphql-response+json, application/json;q=0.9' },
  ],
  ['faces for a client of either', { body: faces('pia'), accept: '*/*, application/graphql-response+json' }],
  ['faces for a client of neither', { body: faces('pia'), accept: 'image/png' }],
  [
    'faces for a client that also takes streams',
    { body: faces('pia'), accept: 'text/event-stream, application/json' },
  ],
]

describe('an operation that comes again and again over HTTP', () => {
  it.each(SENT)(
    'is answered as Apollo Server answers it the first time: %s',
    async (_, { body, accept, token = true }) => {
      const { storage, url, tokenOf } = await serveMemory()
      const [pia, wim] = ['pia', 'wim'] as UserId[]
      const said = {
        session: 'desk',
        status: 'BUSY',
        activity: null,
        note: 'zurück um „5“',
        leaseMs: 600_000,
      } as const
      await publishPresence({ ...storage, ...POLICY }, { user: pia!, ...said })
      await decideAccess(storage.privacy, {
        presentity: pia!,
        watchers: [wim!],
        verdict: 'ALLOWED',
        endsAt: null,
      })
      const authorization = `Bearer ${await tokenOf('wim')}`

      const answers = new Set<string>()
      for (let times = 0; times < TIMES; times += 1) {
        const response = await fetch(url.replace(/^ws/, 'http'), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-request-id': 'one-and-the-same',
            ...(accept !== undefined && { accept }),
            ...(token && { authorization }),
          },
          body: JSON.stringify(body),
        })
        const headers = [...response.headers].filter(([name]) => name !== 'date')
        answers.add(JSON.stringify([response.status, headers, await response.text()]))
      }

      expect([...answers]).toHaveLength(1)
    },
  )
})
