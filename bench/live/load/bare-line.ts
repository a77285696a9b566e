import { noteOf, numberBetween, type OpenLine } from './line.ts'
import { openWebSocket } from './web-socket-line.ts'

/** The broadcast that knows nothing: a text from a presentity is written to the sockets of her watchers as it is. */
export function bareLines(url: string): OpenLine {
  return async (user, ear) => {
    const line = await openWebSocket(url, {
      protocol: 'bare',
      onText(text) {
        ear.shown(user, numberBetween(text, '"note":"c'), () => [sightIn(text)])
      },
      onClosed: (error) => ear.lost(user, error),
    })
    line.send(user)
    return {
      publish: (change) => line.send(frameOf(user, change.status, noteOf(change))),
      watch: () => Promise.resolve([]),
      cut: () => line.cut(),
    }
  }
}

/** As long as what the others send. */
function frameOf(user: string, status: string, note: string): string {
  const shown = { user: { id: user }, presence: { status, activity: null, note } }
  const data = { presenceUpdates: { change: 'CHANGED', presences: [shown], removedIds: [] } }
  return JSON.stringify({ id: 'watch', type: 'next', payload: { data } })
}

function sightIn(text: string) {
  type Frame = {
    payload: {
      data: {
        presenceUpdates: {
          presences: [{ user: { id: string }; presence: { status: string; note: string } }]
        }
      }
    }
  }
  const [{ user, presence }] = (JSON.parse(text) as Frame).payload.data.presenceUpdates.presences
  return { presentity: user.id, status: presence.status, note: presence.note }
}
