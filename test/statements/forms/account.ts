import { form, type Form } from '../form.ts'
import { byBytes, outgoingMeans, viewMeans } from '../model.ts'
import { EVERYBODY } from '../state.ts'
import { afterId, isAfter, type Id } from './questions.ts'

/** What is kept of a person. */
export const ACCOUNT: readonly Form[] = [
  form('all that a watcher has been told, and all contacts', {
    question: (_, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      after: afterId(chance),
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.viewsOf(list),
    expected: (state, { watcher, after, limit }) => ({
      now: state.now,
      views: state.pairs
        .filter((row) => row.watcher_id === watcher && isAfter(row.presentity_id, after))
        .sort(byBytes((row) => row.presentity_id))
        .slice(0, limit)
        .map((row) => ({
          presentity: row.presentity_id,
          view: viewMeans(row),
          contactSince: row.contact_since,
        })),
    }),
  }),
  form('all that a watcher has asked for', {
    question: (state, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      after: chance.is(0.4) ? chance.one([...state.outgoing.map(({ id }) => id), chance.uuid()]) : null,
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.requestsOf(list),
    expected: (state, { watcher, after, limit }) => ({
      now: state.now,
      requests: state.outgoing
        .filter((row) => row.watcher_id === watcher && isAfter(row.id, after))
        .sort(byBytes(({ id }) => id))
        .slice(0, limit)
        .map((row) => ({ presentity: row.presentity_id, request: outgoingMeans(row) })),
    }),
  }),
  form('all answers under a key', {
    question: (_, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      after: chance.one([null, 'K3', 'k1', 'k2']),
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.answersOf(list),
    expected: (state, { presentity, after, limit }) =>
      state.answers
        .filter((row) => row.presentity_id === presentity && isAfter(row.client_key, after))
        // What a service has reported under a key is no answer.
        .filter((row) => !row.client_key.includes('/'))
        .sort(byBytes((row) => row.client_key))
        .slice(0, limit)
        .map((row) => ({ clientKey: row.client_key, result: row.result, answeredAt: row.answered_at })),
  }),
]
