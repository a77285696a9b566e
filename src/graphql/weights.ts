import { MAX_SESSIONS } from '../application/publish-presence.ts'

/**
 * The unit is what it costs to look at one user, who is one of many: some 10 us of the processors of node and PostgreSQL. These weights are
 * measured (docs/performance/fairness.md) and not exact: what matters is that nothing costs many times what it weighs.
 */
export const OPERATION = 10
/**
 * Parsing and validating a document takes up to 1.2 us for each character. The text of a known document weighs as much: otherwise the weight
 * would tell whether another user has sent the document.
 */
export const CHARACTERS_IN_ONE = 10
/** The number of tokens is limited, so a longer document has longer tokens, which cost little. */
export const MOST_OF_DOCUMENT = 2500
/** Parsing so many texts, objects and lists of JSON costs as much as reading one user; so does scanning so many characters of it. */
export const PARTS_IN_ONE = 20
export const JSON_CHARACTERS_IN_ONE = 4000
/** A smaller body costs no more than the operation in it weighs anyhow. */
export const PARTS_OF_SMALL = 1000
export const CHARACTERS_OF_SMALL = 64_000
/** A transaction with its commit. */
export const CHANGE = 60
/** Each user or item that a change names: rows that are locked, written and recorded. */
export const CHANGED = 16
/** Many users may share a few statements; an attempt that a service reports is a transaction of its own. */
export const CHANGED_OTHERWISE: Readonly<Record<string, number>> = {
  publishPresenceFor: 8,
  renewPresenceSessionsFor: 6,
  endPresenceSessionsFor: 6,
  reportCommunicationAttempts: 300,
  assignPresenceClassOfService: 6,
  setPresenceServer: 6,
}
/** These change what others are shown, and are what frontends send all day. */
export const OF_SESSIONS = ['publishPresence', 'renewPresenceSession', 'endPresenceSession']
/** One of a list of pairs: two users, in one direction. */
export const PAIR = 3
export const PAIRS = 'pairs'
/** A statement, with what node does about it. */
const STATEMENT = 40
/** A page is a statement with an order of its own. */
export const PAGE = STATEMENT
/** What is read before anything of it is found: by the type and the name of the field, or by the type that the field answers with. */
export const READS: Readonly<Record<string, number>> = {
  'Query._entities': STATEMENT,
  PresencePrivacy: STATEMENT,
  'Subscription.presenceUpdates': STATEMENT,
  'PresenceMessaging.decisions': STATEMENT,
  'PresencePrivacyAdministration.classOfService': STATEMENT,
  'PresencePrivacyAdministration.user': STATEMENT,
  'PresencePrivacyAdministration.site': STATEMENT,
  // A statement that counts the users of all classes.
  'PresenceClassOfServiceAdministration.assignedUsers': 300,
  // As the limit of introspection allows it: some 5 ms of node.
  'Query.__schema': 500,
  'Query.__type': 500,
}
/** However many contacts there are: a weight that followed from what is found would tell it. */
export const CONTACT_LIST = 600
/** Fields that read or change much. They weigh the same however much they find. */
export const MUCH: Readonly<Record<string, number>> = {
  contacts: CONTACT_LIST,
  incomingPresenceRequests: 100,
  classesOfService: 100,
  acceptAllPendingRequests: 500,
  acceptAllPendingRequestsOfUser: 500,
  erasePresenceUser: 500,
}
/** A stream keeps more of each user than a look takes, a line of a trail is wide, and an export reads several tables for each line. */
export const MORE_OF_EACH: Readonly<Record<string, number>> = {
  presenceUpdates: 2,
  trail: 3,
  administrativeActs: 3,
  exportPresenceUser: 8,
}
/** Lists of which the caller asks for no size. Their fields beyond the usual ones weigh as those of so many entries. */
export const ENTRIES_WITHOUT_SIZE = 500
export const WITHOUT_SIZE = ['incomingPresenceRequests', 'classesOfService']
/** Short lists, and how many entries each may have. */
export const ENTRIES: Readonly<Record<string, number>> = { sessions: MAX_SESSIONS }
/** Fields of one of many users that cost as much as looking at them. */
export const FIELDS_IN_ONE = 6
/** No view shows more of one user. A field beyond these weighs four times as much, because one very wide answer delays everybody. */
export const USUAL_FIELDS = 12
