import type { WaitingRequest } from './cast.ts'

const LOOK = `query Look {
  users(ids: ["alice", "bob", "carol", "dave", "heidi"]) {
    name
    presence {
      status
      activity
      note
    }
    presenceAccess
  }
}`

const POPUP = `subscription Popup {
  incomingPresenceRequests {
    change
    requests {
      id
      requester {
        name
      }
      triggers
    }
    closedIds
  }
}`

/** The three operations to try; the answer names the requests that wait just now. */
export function operations(waiting: readonly WaitingRequest[]) {
  const presented = waiting.map(({ id }) => id)
  const ticked = waiting.filter(({ requester }) => requester.id === 'erin').map(({ id }) => id)
  const answer = `mutation Answer {
  respondToRequests(input: {
    presentedIds: ${JSON.stringify(presented)}
    tickedIds: ${JSON.stringify(ticked)}
  }) {
    outcomes {
      id
      outcome
      decision
    }
  }
}`
  return { look: LOOK, popup: POPUP, answer }
}

export type Operations = ReturnType<typeof operations>

/** What a person reads when all is up. Each command stands alone, to be copied into another terminal. */
export function introduction({
  gatewayUrl,
  subgraphUrl,
  tokens,
  operations: { look, popup, answer },
}: {
  gatewayUrl: string
  subgraphUrl: string
  tokens: { readonly alice: string; readonly erin: string }
  operations: Operations
}): string {
  return `
The graph is at ${gatewayUrl}
Open it in a browser: GraphiQL asks as Alice, and has the three operations below.

Bob has allowed Alice. Carol has refused her, and Dave has not answered: both look offline, as Heidi does, who is.
Erin and Frank want to see Alice, and wait for her answer.

In each of two terminals, first:

GRAPH=${gatewayUrl}
ALICE=${tokens.alice}
ERIN=${tokens.erin}

1. What Alice sees of the others:

${curl('ALICE', look)}

2. Her popup, as a stream that stays open: run it in the second terminal, and answer in the first (Ctrl-C closes it):

${curl('ALICE', popup, '-N -H "accept: text/event-stream"')}

3. Her answer: Erin is ticked, Frank is not. The popup closes them both:

${curl('ALICE', answer)}

And what Erin sees of Alice now; before the answer it was OFFLINE:

${curl('ERIN', look)}

The presence subgraph alone, for frontends that connect to it directly: ${subgraphUrl}
Ctrl-C here stops everything.
`
}

function curl(who: string, query: string, more = ''): string {
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' ') })
  const options = [
    `-s ${more}`.trim(),
    `-H "authorization: Bearer $${who}"`,
    `-H "content-type: application/json"`,
  ]
  return `curl "$GRAPH" ${options.join(' ')} -d '${body}'; echo`
}
