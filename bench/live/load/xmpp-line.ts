import { connect } from 'node:net'
import { noteOf, numberBetween, type Change, type OpenLine } from './line.ts'

const STREAM =
  "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
const END_OF_PRESENCE = '</presence>'
const SHOWS: Record<Change['status'], string> = { AVAILABLE: '', BUSY: '<show>dnd</show>' }

/** XMPP over TCP as RFC 6120 has it, without TLS: the password is `p` for everybody. */
export function xmppLines(port: number): OpenLine {
  return async (user, ear) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.setEncoding('latin1')
    let text = ''
    let isCut = false
    let heard: (() => void) | undefined
    let isWatching = false

    const readPresences = (): void => {
      for (let end = text.indexOf(END_OF_PRESENCE); end >= 0; end = text.indexOf(END_OF_PRESENCE)) {
        const stanza = text.slice(0, end)
        text = text.slice(end + END_OF_PRESENCE.length)
        // A user hears of herself, too.
        if (presentityOf(stanza) !== user)
          ear.shown(user, numberBetween(stanza, '<status>c'), () => [sightIn(stanza)])
      }
    }
    socket.on('data', (chunk: string) => {
      text += chunk
      if (isWatching) readPresences()
      heard?.()
    })
    const lost = (error: Error): void => {
      if (!isCut) ear.lost(user, error)
    }
    socket.on('error', lost)
    socket.on('close', () => lost(new Error('the server closed the stream')))

    const says = (end: string): Promise<void> =>
      new Promise((resolve, reject) => {
        heard = () => {
          if (text.includes('<failure') || text.includes("type='error'")) reject(new Error(text))
          const at = text.indexOf(end)
          if (at < 0) return
          text = text.slice(at + end.length)
          heard = undefined
          resolve()
        }
        heard()
      })

    socket.write(`<?xml version='1.0'?>${STREAM}`)
    await says('</stream:features>')
    const plain = Buffer.from(`\0${user}\0p`).toString('base64')
    socket.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`)
    await says('<success')
    text = ''
    socket.write(STREAM)
    await says('</stream:features>')
    socket.write(
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind></iq>",
    )
    await says('</iq>')
    return {
      publish: (change) =>
        socket.write(`<presence>${SHOWS[change.status]}<status>${noteOf(change)}</status></presence>`),
      watch() {
        isWatching = true
        // Not an empty one: stanzas are told apart by their ends.
        socket.write('<presence><status>here</status></presence>')
        return Promise.resolve([])
      },
      cut() {
        isCut = true
        socket.destroy()
      },
    }
  }
}

function presentityOf(stanza: string): string {
  const at = stanza.indexOf("from='") + 6
  return stanza.slice(at, stanza.indexOf('@', at))
}

function sightIn(stanza: string) {
  const note = numberBetween(stanza, '<status>c')
  return {
    presentity: presentityOf(stanza),
    status: stanza.includes("type='unavailable'")
      ? 'OFFLINE'
      : stanza.includes('<show>dnd')
        ? 'BUSY'
        : 'AVAILABLE',
    note: note < 0 ? null : `c${note}`,
  }
}
